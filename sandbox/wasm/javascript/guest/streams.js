// Standard streams, `fs` and `readline` over the host's two calls: read what there is, write this.
(() => {
  const host = internal.host;
  const { EventEmitter, Buffer } = internal;
  const CHUNK = 65536;
  /** Text for stdout is handed over in pieces of this many characters, and before the program waits or ends. */
  const PENDING_MAX = 8192;

  let pending = [];
  let pendingLength = 0;
  const flush = () => {
    if (pending.length === 0) return;
    const text = pending.join("");
    pending = [];
    pendingLength = 0;
    host.write(1, text);
  };
  const writeText = (text) => {
    pending[pending.length] = text;
    pendingLength += text.length;
    if (pendingLength > PENDING_MAX) flush();
  };
  const writeBytes = (fd, data) => {
    if (fd === 1) flush();
    host.write(fd, data);
  };
  const read = (max) => {
    flush();
    return host.read(max);
  };
  internal.flush = flush;
  internal.writeText = writeText;

  /** Everything up to the end of the input, as bytes. */
  function readAll() {
    const parts = [];
    for (;;) {
      const part = read(0x7fffffff);
      if (part.length === 0) break;
      parts.push(part);
    }
    return parts.length === 1 ? parts[0] : Buffer.concat(parts);
  }

  class Stdin extends EventEmitter {
    fd = 0;
    isTTY = undefined;
    #encoding = undefined;
    #flowing = false;
    #ended = false;
    #partial = new Uint8Array(0);
    #readable = [];

    onListener(event) {
      if (event === "data") this.resume();
      if (event === "readable") this.#flowing = true;
    }
    setEncoding(encoding) {
      this.#encoding = encoding;
      return this;
    }
    resume() {
      this.#flowing = true;
      return this;
    }
    pause() {
      this.#flowing = false;
      return this;
    }
    isPaused() {
      return !this.#flowing;
    }
    unref() {
      return this;
    }
    ref() {
      return this;
    }
    destroy() {
      this.#flowing = false;
      return this;
    }
    read() {
      const chunk = this.#readable.shift();
      return chunk === undefined ? null : chunk;
    }
    pipe(target) {
      this.on("data", (chunk) => target.write(chunk));
      this.on("end", () => target.end?.());
      return target;
    }
    /** Reads once for whoever listens. @returns false when nobody does or all is read. */
    pump() {
      if (!this.#flowing || this.#ended) return false;
      const chunk = this.next();
      if (chunk === undefined) {
        this.emit("end");
        this.emit("close");
      } else {
        if (this.listenerCount("readable") > 0) this.#readable.push(chunk);
        if (this.listenerCount("data") > 0) this.emit("data", chunk);
      }
      this.emitIf("readable");
      return true;
    }
    emitIf(event) {
      if (this.listenerCount(event) > 0) this.emit(event);
    }
    /** The next piece in the wanted form; undefined at the end. Characters are never cut in two. */
    next() {
      for (;;) {
        if (this.#ended) return undefined;
        const bytes = read(CHUNK);
        if (bytes.length === 0) {
          this.#ended = true;
          if (this.#partial.length === 0) return undefined;
          const rest = this.#partial;
          this.#partial = new Uint8Array(0);
          return this.#encoding === undefined ? internal.asBuffer(rest) : host.decode(rest);
        }
        if (this.#encoding === undefined) return internal.asBuffer(bytes);
        if (!/^utf-?8$/i.test(this.#encoding)) return internal.asBuffer(bytes).toString(this.#encoding);
        const whole = this.#partial.length === 0 ? bytes : Buffer.concat([this.#partial, bytes]);
        const end = whole.length - incomplete(whole);
        this.#partial = whole.slice(end);
        if (end > 0) return host.decode(whole.subarray(0, end));
      }
    }
    async *[Symbol.asyncIterator]() {
      for (let chunk = this.next(); chunk !== undefined; chunk = this.next()) yield chunk;
    }
    /** What a synchronous reader gets: all the rest. */
    drain() {
      this.#ended = true;
      return readAll();
    }
  }

  /** How many bytes at the end begin a UTF-8 character that is not complete. */
  function incomplete(bytes) {
    for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
      const byte = bytes[bytes.length - back];
      if ((byte & 0xc0) === 0x80) continue;
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
      return length > back ? back : 0;
    }
    return 0;
  }

  class Output extends EventEmitter {
    isTTY = undefined;
    writable = true;
    columns = undefined;
    constructor(fd) {
      super();
      this.fd = fd;
    }
    write(data, encoding, callback) {
      if (typeof data !== "string") writeBytes(this.fd, toBytes(data));
      else if (typeof encoding === "string" && !/^utf-?8$/i.test(encoding)) writeBytes(this.fd, internal.encode(data, encoding));
      else if (this.fd === 1) writeText(data);
      else host.write(this.fd, data);
      const done = typeof encoding === "function" ? encoding : callback;
      if (typeof done === "function") internal.nextTick(done);
      return true;
    }
    end(data, encoding) {
      if (data !== undefined && data !== null) this.write(data, encoding);
      return this;
    }
    cork() {}
    uncork() {}
    destroy() {
      return this;
    }
  }

  function toBytes(data) {
    if (data instanceof Uint8Array) return data;
    if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    throw Object.assign(
      new TypeError(`The "chunk" argument must be of type string or an instance of Buffer, TypedArray, or DataView. Received ${internal.inspect(data)}`),
      { code: "ERR_INVALID_ARG_TYPE" },
    );
  }

  internal.stdin = new Stdin();
  internal.stdout = new Output(1);
  internal.stderr = new Output(2);

  const STDIN_NAMES = new Set([0, "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"]);

  function failure(code, errno, call, path) {
    const text = { ENOENT: "no such file or directory", EROFS: "read-only file system", EBADF: "bad file descriptor" }[code];
    return Object.assign(new Error(`${code}: ${text}, ${call}${path === undefined ? "" : ` '${path}'`}`), { errno, code, syscall: call, path });
  }

  function readFileSync(path, options) {
    const encoding = typeof options === "string" ? options : options?.encoding;
    const bytes = STDIN_NAMES.has(path) ? internal.stdin.drain() : host.file(String(path));
    if (bytes === undefined) throw failure("ENOENT", -2, "open", String(path));
    return encoding === undefined || encoding === null ? internal.asBuffer(bytes) : internal.asBuffer(bytes).toString(encoding);
  }

  function writeFileSync(path, data) {
    const text = typeof data === "string" || data instanceof Uint8Array ? data : String(data);
    if (path === 1 || path === "/dev/stdout") writeBytes(1, text);
    else if (path === 2 || path === "/dev/stderr") host.write(2, text);
    else if (!host.store(String(path), text, false)) throw failure("EROFS", -30, "open", String(path));
  }

  function appendFileSync(path, data) {
    const text = typeof data === "string" || data instanceof Uint8Array ? data : String(data);
    if (path === 1 || path === 2 || path === "/dev/stdout" || path === "/dev/stderr") writeFileSync(path, text);
    else if (!host.store(String(path), text, true)) throw failure("EROFS", -30, "open", String(path));
  }

  const fs = {
    readFileSync,
    writeFileSync,
    appendFileSync,
    existsSync: (path) => STDIN_NAMES.has(path) || host.file(String(path)) !== undefined,
    openSync: (path, flags = "r") => {
      if (STDIN_NAMES.has(path)) return 0;
      if (path === "/dev/stdout") return 1;
      if (path === "/dev/stderr") return 2;
      throw failure(flags === "r" ? "ENOENT" : "EROFS", flags === "r" ? -2 : -30, "open", String(path));
    },
    closeSync: () => {},
    readSync: (fd, buffer, offsetOrOptions = 0, length = undefined) => {
      if (fd !== 0) throw failure("EBADF", -9, "read");
      const offset = typeof offsetOrOptions === "object" ? (offsetOrOptions.offset ?? 0) : offsetOrOptions;
      const room = (typeof offsetOrOptions === "object" ? offsetOrOptions.length : length) ?? buffer.byteLength - offset;
      const bytes = read(Math.min(room, buffer.byteLength - offset));
      toBytes(buffer).set(bytes, offset);
      return bytes.length;
    },
    writeSync: (fd, data, offset, length) => {
      if (fd !== 1 && fd !== 2) throw failure("EBADF", -9, "write");
      const part = typeof data === "string" || offset === undefined ? data : data.subarray(offset, length === undefined ? undefined : offset + length);
      writeBytes(fd, part);
      return typeof part === "string" ? Buffer.byteLength(part) : part.length;
    },
    fstatSync: () => ({ size: 0, isFile: () => false, isFIFO: () => true }),
    fsyncSync: () => {},
    readFile: (path, options, callback = options) => {
      setImmediate(() => {
        let result;
        try {
          result = readFileSync(path, callback === options ? undefined : options);
        } catch (error) {
          return callback(error);
        }
        return callback(null, result);
      });
    },
    createReadStream: (path, options) => {
      if (!STDIN_NAMES.has(path) && options?.fd !== 0) throw failure("ENOENT", -2, "open", String(path));
      const encoding = typeof options === "string" ? options : options?.encoding;
      return encoding === undefined ? internal.stdin : internal.stdin.setEncoding(encoding);
    },
    createWriteStream: (path, options) => {
      if (path === "/dev/stdout" || options?.fd === 1) return internal.stdout;
      if (path === "/dev/stderr" || options?.fd === 2) return internal.stderr;
      throw failure("EROFS", -30, "open", String(path));
    },
    constants: {},
  };
  fs.promises = {
    readFile: async (path, options) => readFileSync(path, options),
    writeFile: async (path, data) => writeFileSync(path, data),
    appendFile: async (path, data) => appendFileSync(path, data),
  };
  internal.fs = fs;

  /** Lines of the input, one `line` event each; `\n`, `\r\n` and a last line without an end count. */
  class Interface extends EventEmitter {
    #input;
    #output;
    #rest = "";
    /** Lines that were read and not yet handed out: those from `#next` on. */
    #lines = [];
    #next = 0;
    #waiting = [];
    #questions = [];
    #closed = false;
    #ended = false;
    #paused = false;
    #prompt = "> ";
    #asked = false;

    constructor(options) {
      super();
      this.#input = options?.input ?? internal.stdin;
      this.#output = options?.output;
      if (options?.prompt !== undefined) this.#prompt = options.prompt;
      this.#input.setEncoding?.("utf8");
      this.#input.on("data", (chunk) => this.#feed(String(chunk)));
      this.#input.on("end", () => this.#finish());
    }
    get closed() {
      return this.#closed;
    }
    get terminal() {
      return false;
    }
    #feed(chunk) {
      if (this.#closed) return;
      const text = this.#rest + chunk;
      const lines = text.includes("\r") ? text.split(/\r\n|\n|\r(?!$)/) : text.split("\n");
      this.#rest = lines.pop();
      this.#keep(lines);
      this.#flow();
    }
    #finish() {
      if (this.#closed) return;
      if (this.#rest !== "") this.#keep([this.#rest.endsWith("\r") ? this.#rest.slice(0, -1) : this.#rest]);
      this.#rest = "";
      this.#ended = true;
      this.#flow();
    }
    #keep(lines) {
      this.#lines = this.#next === this.#lines.length ? lines : this.#lines.slice(this.#next).concat(lines);
      this.#next = 0;
    }
    get #waitingLines() {
      return this.#lines.length - this.#next;
    }
    #take() {
      return this.#lines[this.#next++];
    }
    #flow() {
      while (this.#next < this.#lines.length && !this.#paused && !this.#closed) {
        if (this.#questions.length > 0) this.#questions.shift()(this.#take());
        else if (this.#waiting.length > 0) this.#waiting.shift()({ value: this.#take(), done: false });
        // Lines that nobody waits for are kept for the next question or iteration.
        else if (this.iterating || this.listenerCount("line") === 0) break;
        else this.emit("line", this.#take());
      }
      const wanted = this.iterating || this.#asked;
      if (this.#ended && (this.#waitingLines === 0 || !wanted) && !this.#paused) this.close();
    }
    close() {
      if (this.#closed) return;
      this.#closed = true;
      this.#input.pause?.();
      for (const waiting of this.#waiting.splice(0)) waiting({ value: undefined, done: true });
      this.emit("close");
    }
    pause() {
      this.#paused = true;
      this.#input.pause?.();
      this.emit("pause");
      return this;
    }
    resume() {
      this.#paused = false;
      this.#input.resume?.();
      if (this.#waitingLines > 0 || this.#ended) setImmediate(() => this.#flow());
      return this;
    }
    setPrompt(prompt) {
      this.#prompt = prompt;
    }
    getPrompt() {
      return this.#prompt;
    }
    prompt() {
      this.#output?.write(this.#prompt);
      this.resume();
    }
    write() {}
    question(query, options, callback = options) {
      this.#output?.write(query);
      this.#asked = true;
      this.#questions.push(callback);
      this.resume();
    }
    [Symbol.asyncIterator]() {
      this.iterating = true;
      return {
        next: () => {
          if (this.#waitingLines > 0) return Promise.resolve({ value: this.#take(), done: false });
          if (this.#ended || this.#closed) {
            this.close();
            return Promise.resolve({ value: undefined, done: true });
          }
          return new Promise((resolve) => {
            this.#waiting.push(resolve);
            this.#input.resume?.();
          });
        },
        return: () => {
          this.close();
          return Promise.resolve({ value: undefined, done: true });
        },
        [Symbol.asyncIterator]() {
          return this;
        },
      };
    }
  }

  const createInterface = (input, output) => new Interface(typeof input?.on === "function" ? { input, output } : input);
  internal.readline = { createInterface, Interface, clearLine: () => true, cursorTo: () => true };
  class PromiseInterface extends Interface {
    question(query) {
      return new Promise((resolve) => super.question(query, resolve));
    }
  }
  internal.readlinePromises = {
    createInterface: (input, output) => new PromiseInterface(typeof input?.on === "function" ? { input, output } : input),
    Interface: PromiseInterface,
  };
  internal.readline.promises = internal.readlinePromises;
})();
