/** The bundle cannot be made, read or trusted; the message is one sentence. */
export class BundleError extends Error {
  override readonly name = "BundleError";
  readonly code: string;
  constructor(code: `DIKAST_BUNDLE_${string}`, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
