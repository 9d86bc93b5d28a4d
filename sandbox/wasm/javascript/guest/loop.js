// The event loop: ticks, timers on the virtual clock, input. The host calls `internal.turn` until there is nothing left to do.
(() => {
  const host = internal.host;
  let ticks = [];
  let immediates = [];
  let immediateNext = 0;
  const timers = [];
  let nextId = 1;

  class Timeout {
    constructor(callback, args, delay, repeat) {
      this.callback = callback;
      this.args = args;
      this.delay = Math.max(1, Math.trunc(Number(delay)) || 1);
      this.repeat = repeat;
      this.id = nextId++;
      this.active = true;
      this.schedule();
    }
    schedule() {
      this.due = host.now() + this.delay;
      // In order of due time, then of creation.
      let low = 0;
      let high = timers.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (timers[middle].due <= this.due) low = middle + 1;
        else high = middle;
      }
      timers.splice(low, 0, this);
    }
    ref() {
      return this;
    }
    unref() {
      return this;
    }
    hasRef() {
      return true;
    }
    refresh() {
      return this;
    }
    [Symbol.toPrimitive]() {
      return this.id;
    }
  }

  function clear(timer) {
    const found = typeof timer === "object" ? timer : timers.find((entry) => entry.id === Number(timer));
    if (found === undefined || found === null) return;
    found.active = false;
    const at = timers.indexOf(found);
    if (at >= 0) timers.splice(at, 1);
  }

  globalThis.setTimeout = (callback, delay, ...args) => new Timeout(callback, args, delay, false);
  globalThis.setInterval = (callback, delay, ...args) => new Timeout(callback, args, delay, true);
  globalThis.setImmediate = (callback, ...args) => {
    const immediate = { callback, args, active: true };
    immediates.push(immediate);
    return immediate;
  };
  globalThis.clearTimeout = clear;
  globalThis.clearInterval = clear;
  globalThis.clearImmediate = (immediate) => {
    if (immediate) immediate.active = false;
  };
  globalThis.queueMicrotask = (callback) => {
    Promise.resolve().then(() => {
      try {
        callback();
      } catch (error) {
        internal.fatal(error);
      }
    });
  };
  internal.nextTick = (callback, ...args) => {
    ticks.push([callback, args]);
  };

  /** Runs what was put off to the end of the current operation; the host runs promises' jobs after it. */
  internal.runTicks = () => {
    let ran = false;
    while (ticks.length > 0) {
      const batch = ticks;
      ticks = [];
      for (let index = 0; index < batch.length; index += 1) {
        const [callback, args] = batch[index];
        try {
          callback(...args);
        } catch (error) {
          ticks = batch.slice(index + 1).concat(ticks);
          throw error;
        }
      }
      ran = true;
    }
    return ran;
  };

  /** One operation of the loop. @returns false when nothing is left that could ever happen. */
  internal.turn = () => {
    const now = host.now();
    if (timers.length > 0 && timers[0].due <= now) {
      const timer = timers.shift();
      if (timer.repeat) timer.schedule();
      timer.callback(...timer.args);
      return true;
    }
    if (immediateNext < immediates.length) {
      const immediate = immediates[immediateNext++];
      if (immediateNext === immediates.length) {
        immediates = [];
        immediateNext = 0;
      }
      if (immediate.active) immediate.callback(...immediate.args);
      return true;
    }
    if (internal.stdin.pump()) return true;
    if (timers.length === 0) return false;
    host.sleep(timers[0].due - now);
    return true;
  };
})();
