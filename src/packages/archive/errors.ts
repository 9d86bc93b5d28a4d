/** The zip archive is refused; the message is one sentence that names the file inside it. */
export class ZipError extends Error {
  override readonly name = "ZipError";
  readonly code: `DIKAST_ZIP_${string}`;
  constructor(code: `DIKAST_ZIP_${string}`, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
