// Node's EventEmitter.
internal.EventEmitter = class EventEmitter {
  #listeners = new Map();

  on(event, listener) {
    const list = this.#listeners.get(event);
    if (list === undefined) this.#listeners.set(event, [listener]);
    else list.push(listener);
    this.onListener?.(event);
    return this;
  }
  addListener(event, listener) {
    return this.on(event, listener);
  }
  prependListener(event, listener) {
    this.on(event, listener);
    const list = this.#listeners.get(event);
    list.unshift(list.pop());
    return this;
  }
  once(event, listener) {
    const wrapped = (...args) => {
      this.off(event, wrapped);
      return listener.apply(this, args);
    };
    wrapped.listener = listener;
    return this.on(event, wrapped);
  }
  off(event, listener) {
    const list = this.#listeners.get(event) ?? [];
    const at = list.findLastIndex((entry) => entry === listener || entry.listener === listener);
    if (at >= 0) this.#listeners.set(event, list.toSpliced(at, 1));
    return this;
  }
  removeListener(event, listener) {
    return this.off(event, listener);
  }
  removeAllListeners(event) {
    if (event === undefined) this.#listeners.clear();
    else this.#listeners.delete(event);
    return this;
  }
  emit(event, ...args) {
    const list = this.#listeners.get(event);
    if (list === undefined || list.length === 0) {
      if (event === "error") throw args[0] instanceof Error ? args[0] : new Error(`Unhandled error. (${internal.inspect(args[0])})`);
      return false;
    }
    if (list.length === 1) list[0].apply(this, args);
    else for (const listener of [...list]) listener.apply(this, args);
    return true;
  }
  listenerCount(event) {
    return this.#listeners.get(event)?.length ?? 0;
  }
  listeners(event) {
    return (this.#listeners.get(event) ?? []).map((entry) => entry.listener ?? entry);
  }
  eventNames() {
    return [...this.#listeners.keys()].filter((event) => this.listenerCount(event) > 0);
  }
  setMaxListeners() {
    return this;
  }
  static once(emitter, event) {
    return new Promise((resolve, reject) => {
      emitter.once(event, (...args) => resolve(args));
      if (event !== "error") emitter.once("error", reject);
    });
  }
};
internal.EventEmitter.EventEmitter = internal.EventEmitter;
