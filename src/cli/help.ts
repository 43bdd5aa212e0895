/** What `ffmpeg-dnn -h` prints. */
export const helpText = `usage: ffmpeg-dnn [options] [[infile options] -i infile]... {[outfile options] outfile}...
       ffmpeg-dnn convert [-y | -n] IN OUT.model   writes a .pb or tfjs model for FFmpeg's native backend

The words of ffmpeg 5.1, run in a headless browser by ffmpeg.wasm, with FFmpeg's DNN filters in -vf and -filter_complex:

  dnn_processing=model=FILE:input=NAME:output=NAME[:OPTION=VALUE...]
      model        frozen TensorFlow graph (.pb), tfjs model (model.json) or .model of the native backend
      input        name of the input node
      output       name of the output node
      nireq        requests in flight, 0 for automatic (half the cores + 1)
      batch_size   frames per inference, 1 to 1000, 0 for automatic
      async        0: one frame at a time

  ffmpeg-dnn -h filter=dnn_processing lists all of them

Own options, accepted anywhere:
  -dnn_stats FILE  write what each stage did, as JSON

Example:
  ffmpeg-dnn -i in.mp4 -vf "dnn_processing=model=espcn.pb:input=x:output=y" -c:a copy out.mp4

Environment:
  FFMPEG_DNN_BROWSER  path of the Chromium to use

The exit code is ffmpeg's. The first Ctrl-C finishes the file, the second ends at once.
`;
