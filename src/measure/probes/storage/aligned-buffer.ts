/** The part of WebAssembly that is used here; Node has it, its types are not in the language's own. */
declare const WebAssembly: { Memory: new (pages: { initial: number }) => { buffer: ArrayBuffer } };

/**
 * A buffer that begins on a page, as O_DIRECT wants. Node gives no aligned buffers, but the memory of
 * WebAssembly is mapped by pages (WebAssembly core specification, 4.2.8: pages of 64 KiB).
 */
export function createAlignedBuffer(bytes: number): Uint8Array {
  const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / 65_536) });
  return new Uint8Array(memory.buffer, 0, bytes);
}
