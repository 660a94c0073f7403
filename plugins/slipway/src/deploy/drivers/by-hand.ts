/** A docker command for a person to paste into a shell. @param context Docker context; undefined: the one in force. */
export function dockerByHand(context: string | undefined, args: readonly string[]): string {
  const where = context === undefined ? [] : ['--context', context];
  return ['docker', ...where, ...args].map(quote).join(' ');
}

function quote(argument: string): string {
  return /^[\w./:=@-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}
