/** QR codes (ISO/IEC 18004) on a terminal. */
import { encode } from "uqr";

/** What the standard asks for; many readers need it. */
const QUIET_ZONE = 4;
/** Black on white whatever the terminal's colours are: most readers refuse inverted codes. */
const BLACK_ON_WHITE = "\u001b[30;107m";
const PLAIN = "\u001b[0m";

export interface TerminalCode {
  readonly lines: readonly string[];
  /** Columns that it needs. */
  readonly width: number;
}

/** Two rows of modules to a line, as half blocks. Without `color` dark modules are drawn and the paper is the background. */
export function qrCode(text: string, color: boolean): TerminalCode {
  const { data, size } = encode(text, { ecc: "L", border: QUIET_ZONE });
  const lines: string[] = [];
  for (let row = 0; row < size; row += 2) {
    const characters = Array.from({ length: size }, (_, column) =>
      halves(data[row]?.[column] === true, data[row + 1]?.[column] === true),
    ).join("");
    lines.push(color ? `${BLACK_ON_WHITE}${characters}${PLAIN}` : characters);
  }
  return { lines, width: size };
}

function halves(upper: boolean, lower: boolean): string {
  if (upper) return lower ? "█" : "▀";
  return lower ? "▄" : " ";
}
