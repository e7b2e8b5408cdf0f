/** A command as a shell would take it: the program's name, then its arguments, quoted where they must be. */
export function commandText(args: readonly string[]): string {
  return ["unmix", ...args.map(shellWord)].join(" ");
}

function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
