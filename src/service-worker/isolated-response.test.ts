import { expect, test } from 'vitest';
import { isolatedResponse, needsIsolation, policyOf } from './isolated-response.ts';

const origin = 'https://page.test';
const request = {
  url: `${origin}/film.html`,
  method: 'GET',
  mode: 'navigate',
  destination: 'document',
} as const;

test('pages and scripts of workers need the headers, nothing else does', () => {
  expect(needsIsolation(request, origin)).toBe(true);
  expect(needsIsolation({ ...request, destination: 'iframe' }, origin)).toBe(true);
  const script = { ...request, url: `${origin}/pipeline.worker.js`, mode: 'same-origin' } as const;
  expect(needsIsolation({ ...script, destination: 'worker' }, origin)).toBe(true);
  for (const destination of ['', 'video', 'script', 'image'] as const)
    expect(needsIsolation({ ...script, mode: 'cors', destination }, origin)).toBe(false);
  expect(needsIsolation({ ...request, method: 'POST' }, origin)).toBe(false);
  expect(needsIsolation({ ...request, url: 'https://other.test/' }, origin)).toBe(false);
});

test('the headers are added, and what the host says stays', async () => {
  const headers = { 'Content-Type': 'text/html', 'Content-Security-Policy': "default-src 'self'" };
  const isolated = isolatedResponse(new Response('<p>', { status: 404, headers }), 'require-corp');
  expect(isolated.status).toBe(404);
  expect(Object.fromEntries(isolated.headers)).toEqual({
    'content-type': 'text/html',
    'content-security-policy': "default-src 'self'",
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-embedder-policy': 'require-corp',
  });
  expect(await isolated.text()).toBe('<p>');
  const own = new Response('', { headers: { 'Cross-Origin-Embedder-Policy': 'unsafe-none' } });
  const kept = isolatedResponse(own, 'credentialless');
  expect(kept.headers.get('Cross-Origin-Embedder-Policy')).toBe('unsafe-none');
  expect(kept.headers.get('Cross-Origin-Opener-Policy')).toBe('same-origin');
});

test('the body is not read on the way', async () => {
  let pulled = 0;
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        pulled += 1;
        if (pulled > 3) controller.close();
        else controller.enqueue(new Uint8Array([pulled]));
      },
    },
    { highWaterMark: 0 },
  );
  const isolated = isolatedResponse(new Response(body), 'require-corp');
  expect(pulled).toBe(0);
  expect([...new Uint8Array(await isolated.arrayBuffer())]).toEqual([1, 2, 3]);
});

test('a response without a body stays without', () => {
  expect(isolatedResponse(new Response(null, { status: 204 }), 'require-corp').body).toBeNull();
});

test('what cannot be changed is handed on', () => {
  const opaque = Response.error();
  expect(isolatedResponse(opaque, 'require-corp')).toBe(opaque);
});

test('the policy is in the address', () => {
  expect(policyOf(`${origin}/ffmpeg-dnn-isolation.js`)).toBe('require-corp');
  expect(policyOf(`${origin}/ffmpeg-dnn-isolation.js?coep=credentialless`)).toBe('credentialless');
});
