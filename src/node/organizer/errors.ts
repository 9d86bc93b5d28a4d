/** What keeps an organizer's node from holding a contest: one sentence with the way out. */
export class OrganizerError extends Error {
  override readonly name = "OrganizerError";
  readonly code: string;
  constructor(code: `DIKAST_${string}`, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
