import { formatPosition, type Position } from "../errors.ts";

/** The Polygon package cannot be imported; `message` begins with file and line. */
export class PolygonError extends Error {
  override readonly name = "PolygonError";
  readonly code: string;
  readonly position: Position;
  constructor(code: `DIKAST_POLYGON_${string}`, message: string, position: Position, options?: ErrorOptions) {
    super(`${formatPosition(position)}: ${message}`, options);
    this.code = code;
    this.position = position;
  }
}
