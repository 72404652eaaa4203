import type { DynamicLibraryResult, FunctionDefinitions } from 'node:ffi';

/**
 * Functions of this very process: of its C library, and of the OpenSSL inside Node. Null where this Node has no
 * `node:ffi`, which is experimental, or not all of them: every caller has another way.
 */
export function native<const T extends FunctionDefinitions>(wanted: T): DynamicLibraryResult<T> | null {
  try {
    return process.getBuiltinModule('node:ffi').dlopen(null, wanted);
  } catch {
    return null;
  }
}
