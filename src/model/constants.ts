/** Constants of a problem (2025-09.md "Constants"): `{{name}}` in the package's programs and texts stands for a value of problem.yaml. */

/** By name, as they are written in problem.yaml. */
export type Constants = Readonly<Record<string, string>>;

export const CONSTANT_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** `{{name}}`, and `\\constant{name}` of LaTeX statements. Names that are not defined stay as they are. */
export function constantsInText(text: string, constants: Constants | undefined): string {
  if (constants === undefined || Object.keys(constants).length === 0) return text;
  return text.replaceAll(/\{\{(\w+)\}\}|\\constant\{(\w+)\}/g, (sequence, plain?: string, latex?: string) => {
    const name = plain ?? latex ?? "";
    return Object.hasOwn(constants, name) ? (constants[name] ?? sequence) : sequence;
  });
}

/** The same in a file; one that is no UTF-8 stays as it is. */
export function constantsInFile(bytes: Uint8Array, constants: Constants | undefined): Uint8Array {
  if (constants === undefined) return bytes;
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return bytes;
  }
  const replaced = constantsInText(text, constants);
  return replaced === text ? bytes : new TextEncoder().encode(replaced);
}
