/** Which SIMD the engine has. */
import { hasRelaxedSimd } from '../src/backends/native/wasm/load-kernels.ts';

/** A module of one function that is `i8x16.popcnt` of zeros. */
const simdProbe = Uint8Array.of(
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
  ...[0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7b, 0x03, 0x02, 0x01, 0x00, 0x0a, 0x0a, 0x01, 0x08, 0x00],
  ...[0x41, 0x00, 0xfd, 0x0f, 0xfd, 0x62, 0x0b],
);

export interface SimdFeatures {
  readonly simd: boolean;
  readonly relaxedSimd: boolean;
}

export function simdFeatures(): SimdFeatures {
  return { simd: WebAssembly.validate(simdProbe), relaxedSimd: hasRelaxedSimd() };
}
