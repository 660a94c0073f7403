import { errorCode } from '../io/error-code';
import { ProducerError } from './producer-error';

/**
 * A package that only some producers need, and that is not installed with the plugin: whoever measures with another tool need not have it.
 * @param load requires it; a bundler or a type checker must see the name
 * @throws {ProducerError} saying how to install it.
 */
export function optionalPeer<T>(target: string, packages: readonly string[], load: () => T): T {
  try {
    return load();
  } catch (error) {
    const missing = errorCode(error) === 'MODULE_NOT_FOUND' || errorCode(error) === 'ERR_MODULE_NOT_FOUND';
    if (!missing || !(error instanceof Error) || !packages.some((name) => error.message.includes(`'${name}'`)))
      throw error;
    throw new ProducerError(
      `${target} needs ${packages.join(' and ')}, which ${packages.length === 1 ? 'is' : 'are'} not installed`,
      `npm install --save-dev ${packages.join(' ')}`,
    );
  }
}
