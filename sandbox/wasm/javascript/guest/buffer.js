// The part of Node's Buffer that text-reading programs use, and the encoders of the web.
(() => {
  const host = internal.host;

  class Buffer extends Uint8Array {
    static from(value, encodingOrOffset, length) {
      if (typeof value === "string") return encode(value, encodingOrOffset);
      if (value instanceof ArrayBuffer) return new Buffer(value, encodingOrOffset, length);
      const buffer = new Buffer(value.length);
      for (let index = 0; index < value.length; index += 1) buffer[index] = value[index];
      return buffer;
    }
    static alloc(size, fill) {
      const buffer = new Buffer(size);
      if (fill !== undefined) buffer.fill(typeof fill === "string" ? fill.charCodeAt(0) : fill);
      return buffer;
    }
    static allocUnsafe(size) {
      return new Buffer(size);
    }
    static isBuffer(value) {
      return value instanceof Buffer;
    }
    static byteLength(value, encoding) {
      return typeof value === "string" ? encode(value, encoding).length : value.byteLength;
    }
    static concat(list, length = list.reduce((sum, part) => sum + part.length, 0)) {
      const whole = new Buffer(length);
      let at = 0;
      for (const part of list) {
        const rest = part.subarray(0, length - at);
        whole.set(rest, at);
        at += rest.length;
      }
      return whole;
    }
    toString(encoding = "utf8", start = 0, end = this.length) {
      const part = start === 0 && end >= this.length ? this : this.subarray(start, end);
      switch (String(encoding).toLowerCase()) {
        case "hex":
          return Array.from(part, (byte) => byte.toString(16).padStart(2, "0")).join("");
        case "latin1":
        case "binary":
        case "ascii": {
          const mask = encoding === "ascii" ? 127 : 255;
          const texts = [];
          for (let at = 0; at < part.length; at += 8192) {
            texts.push(String.fromCharCode(...Array.from(part.subarray(at, at + 8192), (byte) => byte & mask)));
          }
          return texts.join("");
        }
        case "base64":
          return btoa(this.toString("latin1", start, end));
        default:
          return host.decode(part);
      }
    }
    equals(other) {
      return this.length === other.length && this.every((byte, index) => byte === other[index]);
    }
    write(text, offset = 0) {
      const bytes = encode(text).subarray(0, this.length - offset);
      this.set(bytes, offset);
      return bytes.length;
    }
    copy(target, targetStart = 0, start = 0, end = this.length) {
      const part = this.subarray(start, Math.min(end, start + target.length - targetStart));
      target.set(part, targetStart);
      return part.length;
    }
    slice(start, end) {
      return this.subarray(start, end);
    }
    indexOf(value, from) {
      if (typeof value === "number") return super.indexOf(value, from);
      const wanted = typeof value === "string" ? encode(value) : value;
      outer: for (let at = from ?? 0; at + wanted.length <= this.length; at += 1) {
        for (let index = 0; index < wanted.length; index += 1) if (this[at + index] !== wanted[index]) continue outer;
        return at;
      }
      return -1;
    }
    includes(value, from) {
      return this.indexOf(value, from) >= 0;
    }
    toJSON() {
      return { type: "Buffer", data: Array.from(this) };
    }
    inspectBytes() {
      const shown = Array.from(this.subarray(0, 50), (byte) => byte.toString(16).padStart(2, "0")).join(" ");
      const more = this.length > 50 ? ` ... ${this.length - 50} more byte${this.length > 51 ? "s" : ""}` : "";
      return `<Buffer${shown === "" ? "" : ` ${shown}`}${more}>`;
    }
  }
  for (const [bits, size] of [["8", 1], ["16", 2], ["32", 4]]) {
    for (const [name, kind] of [["UInt", "Uint"], ["Int", "Int"]]) {
      for (const order of size === 1 ? [""] : ["LE", "BE"]) {
        Buffer.prototype[`read${name}${bits}${order}`] = function (offset = 0) {
          return new DataView(this.buffer, this.byteOffset)[`get${kind}${bits}`](offset, order === "LE");
        };
        Buffer.prototype[`write${name}${bits}${order}`] = function (value, offset = 0) {
          new DataView(this.buffer, this.byteOffset)[`set${kind}${bits}`](offset, value, order === "LE");
          return offset + size;
        };
      }
    }
  }

  function encode(text, encoding = "utf8") {
    switch (String(encoding).toLowerCase()) {
      case "hex": {
        const buffer = new Buffer(text.length >> 1);
        for (let index = 0; index < buffer.length; index += 1) buffer[index] = Number.parseInt(text.slice(index * 2, index * 2 + 2), 16);
        return buffer;
      }
      case "latin1":
      case "binary":
      case "ascii": {
        const buffer = new Buffer(text.length);
        for (let index = 0; index < text.length; index += 1) buffer[index] = text.charCodeAt(index);
        return buffer;
      }
      case "base64":
        return encode(atob(text), "latin1");
      default:
        return asBuffer(host.encode(text));
    }
  }

  function asBuffer(bytes) {
    return new Buffer(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  internal.Buffer = Buffer;
  internal.asBuffer = asBuffer;
  internal.encode = encode;
  globalThis.Buffer = Buffer;
  globalThis.TextEncoder = class TextEncoder {
    get encoding() {
      return "utf-8";
    }
    encode(text = "") {
      return host.encode(String(text));
    }
  };
  globalThis.TextDecoder = class TextDecoder {
    get encoding() {
      return "utf-8";
    }
    decode(bytes = new Uint8Array(0)) {
      return host.decode(bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes.buffer ?? bytes, bytes.byteOffset ?? 0, bytes.byteLength));
    }
  };
})();
