/** Where the checks of a function's entry happen: as late as every call and loop still comes after them. */

export class EntryCheck {
  /** At its start, once something was met that needs the checks. */
  region: number | undefined;
  /** What comes first after that is a loop in the same region, whose header looks for fuel: only the stack is left to check. */
  loopFirst = false;
  #left = false;
  /** How many frames were open where the function's regions begin, from its first region on. */
  #depths: number[] = [];
  #first = 0;

  /** A function begins with region `first`. */
  enter(first: number): void {
    this.region = undefined;
    this.loopFirst = this.#left = false;
    this.#depths = [1];
    this.#first = first;
  }

  /** The next region begins inside of `depth` frames. */
  begin(depth: number): void {
    this.#depths.push(depth);
  }

  /**
   * Before a loop or a call in region `current`: the entry's checks must have happened. They do so at the start of the
   * region in which the first of these was met, so that what returns before pays nothing for them; if another one is met
   * that can be reached without this region, at the function's entry after all.
   */
  need(current: number, loop: boolean): void {
    if (this.region === undefined) {
      this.region = current;
      this.loopFirst = loop;
    }
    if (this.#left) {
      this.region = this.#first;
      this.loopFirst = false;
    }
    this.#left = false;
  }

  /** Code that follows is not reached through regions that began inside of more than `depth` frames. */
  leave(depth: number): void {
    if (this.region !== undefined && this.#depths[this.region - this.#first]! > depth) this.#left = true;
  }
}
