/** What `ffmpeg-dnn -h` prints. */
export const helpText = `usage: ffmpeg-dnn [options] [[infile options] -i infile]... {[outfile options] outfile}...
       ffmpeg-dnn convert [-y | -n] IN OUT.model   writes a .pb or tfjs model for FFmpeg's native backend

The words of ffmpeg 5.1, run in a headless browser by ffmpeg.wasm, with FFmpeg's DNN filters in -vf and -filter_complex:

  dnn_processing=model=FILE:input=NAME:output=NAME[:OPTION=VALUE...]
      model        frozen TensorFlow graph (.pb), tfjs model (model.json), OpenVINO model (.xml beside its .bin) or .model
                   of the native backend
      input        name of the input node
      output       name of the output node
      nireq        requests in flight, 0 for automatic (half the cores + 1)
      batch_size   frames per inference, 1 to 1000, 0 for automatic
      async        0: one frame at a time

  ffmpeg-dnn -h filter=dnn_processing lists all of them

  sr, derain       the same with a model of the names x and y; sr enlarges for a model that keeps the size
  dnn_detect       looks for boxes:  model=yolov8n.onnx; or with confidence=0.5:labels=FILE:model_type=…:letterbox=0
  dnn_classify     gives each box a label:  model=FILE:labels=FILE:target=LABEL
  drawbox=box_source=side_data_detection_bboxes and drawtext=text_source=side_data_detection_bboxes draw what was found

Codecs of the browser, which are faster than those of ffmpeg.wasm:
  -hwaccel auto         before an input: the browser decodes where that gives ffmpeg's frames
  -c:v h264_webcodecs   before an output: the browser encodes; vp8_, vp9_, av1_ and hevc_webcodecs likewise
  ffmpeg-dnn -encoders lists those that work, -h encoder=h264_webcodecs the options of one

Own options, accepted anywhere:
  -dnn_stats FILE       write what each stage did, as JSON
  -dnn_timeline FILE    write who worked when, in Chrome's Trace Event format (for Perfetto)
  -dnn_color keep       keep matrix, range, primaries and transfer of the input where a filter takes RGB; HDR becomes BT.709
  -dnn_watchdog SECONDS end a stage that makes no step for so long, 0: never; by default it depends on its speed
  -dnn_detections FILE  write what was found in each frame, as lines of JSON, or as WebVTT for a name in .vtt

Example:
  ffmpeg-dnn -i in.mp4 -vf "dnn_processing=model=espcn.pb:input=x:output=y" -c:a copy out.mp4

Environment:
  FFMPEG_DNN_BROWSER  path of the Chromium to use

The exit code is ffmpeg's. The first Ctrl-C finishes the file, the second ends at once.
`;
