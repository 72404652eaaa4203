const LINE_BYTES = 8 * 1024 * 1024;

/**
 * The lines of a stream, without their line feeds; what follows the last one is dropped, for it was cut off.
 * @throws RangeError when one grows beyond 8 MiB
 */
export async function* boundedLines(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<string> {
  let kept: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    let from = 0;
    for (let at = chunk.indexOf(0x0a); at >= 0; at = chunk.indexOf(0x0a, from)) {
      yield Buffer.concat([...kept, chunk.subarray(from, at)]).toString();
      [kept, length, from] = [[], 0, at + 1];
    }
    kept.push(chunk.subarray(from));
    length += chunk.length - from;
    if (length > LINE_BYTES) throw new RangeError(`a line of more than ${LINE_BYTES} bytes`);
  }
}
