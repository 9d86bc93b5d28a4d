// How Node prints values (`util.inspect`, `util.format`), for what contest programs print: lib/internal/util/inspect.js of
// Node 24 with its defaults (depth 2, 100 elements, 72 characters a line, compact 3).
internal.inspect = (() => {
  const BREAK = 80;
  const DEPTH = 2;
  const ELEMENTS_MAX = 100;
  const STRING_MAX = 10000;
  const IDENTIFIER = /^[a-zA-Z_][a-zA-Z_0-9]*$/;
  const ESCAPES = { "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", "\\": "\\\\" };

  function quote(text) {
    let mark = "'";
    if (text.includes("'")) mark = !text.includes('"') ? '"' : !text.includes("`") && !text.includes("${") ? "`" : "'";
    const escaped = text.replace(/[\x00-\x1f\x7f-\x9f\\]/g, (character) => {
      const code = character.charCodeAt(0);
      return ESCAPES[character] ?? `\\x${code.toString(16).toUpperCase().padStart(2, "0")}`;
    });
    return mark + (mark === "'" ? escaped.replaceAll("'", "\\'") : escaped) + mark;
  }

  function number(value) {
    return Object.is(value, -0) ? "-0" : String(value);
  }

  function primitive(value, context, topLevel) {
    switch (typeof value) {
      case "string": {
        if (topLevel) return value;
        let rest = "";
        let text = value;
        if (text.length > STRING_MAX) {
          const more = text.length - STRING_MAX;
          text = text.slice(0, STRING_MAX);
          rest = `... ${more} more character${more > 1 ? "s" : ""}`;
        }
        if (text.length > 16 && text.length > BREAK - context.indentation - 4) {
          return text.split(/(?<=\n)/).map(quote).join(` +\n${" ".repeat(context.indentation + 2)}`) + rest;
        }
        return quote(text) + rest;
      }
      case "number":
        return number(value);
      case "bigint":
        return `${value}n`;
      default:
        return value === null ? "null" : typeof value === "symbol" ? value.toString() : String(value);
    }
  }

  function constructorName(value) {
    for (let object = value; object !== null; object = Object.getPrototypeOf(object)) {
      const descriptor = Object.getOwnPropertyDescriptor(object, "constructor");
      if (descriptor !== undefined && typeof descriptor.value === "function" && descriptor.value.name !== "") {
        return descriptor.value.name;
      }
    }
    return null;
  }

  function prefix(name, fallback, size) {
    const shown = name === null ? `[${fallback}: null prototype]` : name;
    return `${size === undefined ? shown : `${shown}(${size})`} `;
  }

  function propertyKey(key) {
    if (typeof key === "symbol") return key.toString();
    if (key === "__proto__") return "['__proto__']";
    return IDENTIFIER.test(key) ? key : quote(key);
  }

  function keysOf(value, skipIndices) {
    const names = Object.keys(value).filter((key) => !(skipIndices && /^(0|[1-9][0-9]*)$/.test(key)));
    const symbols = Object.getOwnPropertySymbols(value).filter((key) => Object.prototype.propertyIsEnumerable.call(value, key));
    return [...names, ...symbols];
  }

  function property(value, key, context, depth, isArray) {
    const descriptor = Object.getOwnPropertyDescriptor(value, key) ?? { value: value[key] };
    let text;
    if (descriptor.get !== undefined) text = descriptor.set !== undefined ? "[Getter/Setter]" : "[Getter]";
    else if (descriptor.set !== undefined) text = "[Setter]";
    else {
      context.indentation += 2;
      text = format(descriptor.value, context, depth + 1);
      context.indentation -= 2;
    }
    return isArray ? text : `${propertyKey(key)}: ${text}`;
  }

  function format(value, context, depth, topLevel = false) {
    if (value === null || (typeof value !== "object" && typeof value !== "function")) return primitive(value, context, topLevel);
    if (context.seen.includes(value)) {
      if (!context.circular.has(value)) context.circular.set(value, context.circular.size + 1);
      return `[Circular *${context.circular.get(value)}]`;
    }
    const custom = value[Symbol.for("nodejs.util.inspect.custom")];
    if (typeof custom === "function") {
      const result = custom.call(value, context.depth - depth, {}, internal.inspect);
      if (result !== value) return typeof result === "string" ? result : format(result, context, depth);
    }
    return formatObject(value, context, depth);
  }

  function list(length, each) {
    const output = [];
    const shown = Math.min(length, ELEMENTS_MAX);
    for (let index = 0; index < shown; index += 1) output.push(each(index));
    if (length > shown) output.push(more(length - shown));
    return output;
  }

  function more(count) {
    return `... ${count} more item${count > 1 ? "s" : ""}`;
  }

  function arrayElements(value, context, depth) {
    const output = [];
    const length = Math.min(value.length, ELEMENTS_MAX);
    let index = 0;
    for (; index < value.length && output.length < length; index += 1) {
      if (index in value) output.push(property(value, String(index), context, depth, true));
      else {
        let end = index + 1;
        while (end < value.length && !(end in value)) end += 1;
        output.push(`<${end - index} empty item${end - index > 1 ? "s" : ""}>`);
        index = end - 1;
      }
    }
    if (index < value.length) output.push(more(value.length - index));
    return output;
  }

  function errorText(error, context, keys) {
    let text;
    const head = internal.errorHead(error);
    const stack = typeof error.stack === "string" ? error.stack.trimEnd() : "";
    text = stack === "" ? `[${head}]` : stack.startsWith(head) ? stack : `${head}\n${stack}`;
    if (context.indentation > 0) text = text.replaceAll("\n", `\n${" ".repeat(context.indentation)}`);
    for (const hidden of ["name", "message", "stack"]) {
      const at = keys.indexOf(hidden);
      if (at >= 0) keys.splice(at, 1);
    }
    if ("cause" in error && !keys.includes("cause")) keys.push("cause");
    return text;
  }

  function functionBase(value, name, tag) {
    const source = Function.prototype.toString.call(value);
    if (source.startsWith("class") && source.endsWith("}")) {
      let base = value.name === "" ? "[class (anonymous)" : `[class ${value.name}`;
      const parent = Object.getPrototypeOf(value);
      if (parent?.name) base += ` extends ${parent.name}`;
      return `${base}]`;
    }
    const kind = name === null ? "Function (null prototype)" : tag === "" ? name : tag;
    return value.name === "" ? `[${kind} (anonymous)]` : `[${kind}: ${value.name}]`;
  }

  function formatObject(value, context, depth) {
    const name = constructorName(value);
    let tag = value[Symbol.toStringTag];
    if (typeof tag !== "string" || tag === "" || tag === name) tag = "";
    let keys = keysOf(value, false);
    let braces = ["{", "}"];
    let elements = () => [];
    let base = "";
    let isArrayLike = false;

    if (Array.isArray(value)) {
      keys = keysOf(value, true);
      const head = name !== "Array" || tag !== "" ? prefix(name, "Array", value.length) : "";
      braces = [`${head}[`, "]"];
      if (value.length === 0 && keys.length === 0) return `${braces[0]}]`;
      elements = () => arrayElements(value, context, depth);
      isArrayLike = true;
    } else if (value instanceof Set) {
      const head = prefix(name, "Set", value.size);
      braces = [`${head}{`, "}"];
      elements = () => {
        context.indentation += 2;
        const items = [...value];
        const output = list(items.length, (index) => format(items[index], context, depth + 1));
        context.indentation -= 2;
        return output;
      };
      if (value.size === 0 && keys.length === 0) return `${head}{}`;
    } else if (value instanceof Map) {
      const head = prefix(name, "Map", value.size);
      braces = [`${head}{`, "}"];
      elements = () => {
        context.indentation += 2;
        const items = [...value];
        const output = list(
          items.length,
          (index) => `${format(items[index][0], context, depth + 1)} => ${format(items[index][1], context, depth + 1)}`,
        );
        context.indentation -= 2;
        return output;
      };
      if (value.size === 0 && keys.length === 0) return `${head}{}`;
    } else if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
      if (value instanceof internal.Buffer) return value.inspectBytes();
      keys = keysOf(value, true);
      braces = [`${prefix(name, "TypedArray", value.length)}[`, "]"];
      if (value.length === 0 && keys.length === 0) return `${braces[0]}]`;
      elements = () => list(value.length, (index) => primitive(value[index], context, false));
      isArrayLike = true;
    } else if (Object.prototype.toString.call(value) === "[object Arguments]") {
      braces[0] = "[Arguments] {";
    } else if (typeof value === "function") {
      base = functionBase(value, name, tag);
      if (keys.length === 0) return base;
    } else if (value instanceof RegExp) {
      base = RegExp.prototype.toString.call(value);
      if (keys.length === 0 || depth > context.depth) return base;
    } else if (value instanceof Date) {
      base = Number.isNaN(value.getTime()) ? String(value) : value.toISOString();
      if (keys.length === 0) return base;
    } else if (value instanceof Error) {
      base = errorText(value, context, keys);
      if (keys.length === 0) return base;
    } else if (value instanceof Promise) {
      braces[0] = `${prefix(name, "Promise")}{`;
      elements = () => ["<pending>"];
    } else if (value instanceof WeakSet || value instanceof WeakMap) {
      braces[0] = `${prefix(name, "WeakMap")}{`;
      elements = () => ["<items unknown>"];
    } else if (value instanceof Number || value instanceof String || value instanceof Boolean) {
      const kind = value.constructor.name;
      base = `[${kind}: ${primitive(value.valueOf(), context, false)}]`;
      if (value instanceof String) keys = keysOf(value, true);
      if (keys.length === 0) return base;
    } else if (typeof value.next === "function" && /Iterator|Generator/.test(tag)) {
      braces[0] = `Object [${tag}] {`;
    } else {
      if (name === "Object" && tag === "") {
        if (keys.length === 0) return "{}";
      } else {
        const head = prefix(name, "Object");
        braces[0] = `${tag === "" ? head : `${head}[${tag}] `}{`;
        if (keys.length === 0) return `${braces[0]}}`;
      }
    }

    if (depth > context.depth) {
      const shown = `${prefix(name, "Object")}${tag === "" ? "" : `[${tag}] `}`.slice(0, -1);
      return name === null ? shown : `[${shown}]`;
    }
    context.seen.push(value);
    context.current = depth;
    const output = elements();
    for (const key of keys) output.push(property(value, key, context, depth, false));
    context.seen.pop();
    if (context.circular.has(value)) {
      const reference = `<ref *${context.circular.get(value)}>`;
      base = base === "" ? reference : `${reference} ${base}`;
    }
    return reduce(output, base, braces, isArrayLike, depth, context, value);
  }

  function reduce(output, base, braces, isArrayLike, depth, context, value) {
    const entries = output.length;
    let lines = output;
    if (isArrayLike && entries > 6) lines = group(output, context, value);
    if (context.current - depth < 3 && entries === lines.length) {
      const start = lines.length + context.indentation + braces[0].length + base.length + 10;
      const total = lines.reduce((sum, line) => sum + line.length, 0) + lines.length + start;
      if (total <= BREAK && !lines.some((line) => line.includes("\n")) && (base === "" || !base.includes("\n"))) {
        return `${base === "" ? "" : `${base} `}${braces[0]} ${lines.join(", ")} ${braces[1]}`;
      }
    }
    const indentation = `\n${" ".repeat(context.indentation)}`;
    return `${base === "" ? "" : `${base} `}${braces[0]}${indentation}  ${lines.join(`,${indentation}  `)}${indentation}${braces[1]}`;
  }

  /** `groupArrayElements`: many short elements go into columns. */
  function group(output, context, value) {
    let total = 0;
    let longest = 0;
    let length = output.length;
    if (value.length > ELEMENTS_MAX) length -= 1;
    const widths = [];
    for (let index = 0; index < length; index += 1) {
      const width = output[index].length;
      widths.push(width);
      total += width + 2;
      if (longest < width) longest = width;
    }
    const actual = longest + 2;
    if (!(actual * 3 + context.indentation < BREAK) || !(total / actual > 5 || longest <= 6)) return output;
    const biased = Math.max(actual - 3 - Math.sqrt(actual - total / output.length), 1);
    const columns = Math.min(
      Math.round(Math.sqrt(2.5 * biased * length) / biased),
      Math.floor((BREAK - context.indentation) / actual),
      3 * 4,
      15,
    );
    if (columns <= 1) return output;
    const lines = [];
    const columnWidths = [];
    for (let column = 0; column < columns; column += 1) {
      let width = 0;
      for (let index = column; index < output.length; index += columns) if (widths[index] > width) width = widths[index];
      columnWidths.push(width + 2);
    }
    let pad = String.prototype.padStart;
    for (let index = 0; index < output.length; index += 1) {
      if (typeof value[index] !== "number" && typeof value[index] !== "bigint") {
        pad = String.prototype.padEnd;
        break;
      }
    }
    for (let index = 0; index < length; index += columns) {
      const end = Math.min(index + columns, length);
      let line = "";
      let at = index;
      for (; at < end - 1; at += 1) line += pad.call(`${output[at]}, `, columnWidths[at - index], " ");
      line += pad === String.prototype.padStart ? pad.call(output[at], columnWidths[at - index] - 2, " ") : output[at];
      lines.push(line);
    }
    if (value.length > ELEMENTS_MAX) lines.push(output[length]);
    return lines;
  }

  return function inspect(value, options) {
    const depth = options !== null && typeof options === "object" && "depth" in options ? options.depth : DEPTH;
    const context = { seen: [], circular: new Map(), indentation: 0, current: 0, depth: depth ?? Infinity };
    return format(value, context, 0);
  };
})();

internal.errorHead = (error) => {
  const name = error.name === undefined || error.name === null ? "Error" : String(error.name);
  const message = error.message === undefined || error.message === null ? "" : String(error.message);
  return message === "" ? name : `${name}: ${message}`;
};

internal.format = (...args) => {
  if (args.length === 1 && typeof args[0] === "string") return args[0];
  let text = "";
  let next = 0;
  if (typeof args[0] === "string" && args.length > 1 && args[0].includes("%")) {
    next = 1;
    text = args[0].replace(/%([sdifjoOc%])/g, (whole, kind) => {
      if (kind === "%") return "%";
      if (next >= args.length) return whole;
      const value = args[next++];
      switch (kind) {
        case "s":
          if (typeof value === "bigint") return `${value}n`;
          if (typeof value === "number") return Object.is(value, -0) ? "-0" : String(value);
          return typeof value === "object" && value !== null ? internal.inspect(value, { depth: 0 }) : String(value);
        case "d":
          return typeof value === "bigint" ? `${value}n` : typeof value === "symbol" ? "NaN" : internal.inspect(Number(value));
        case "i":
          return typeof value === "bigint" ? `${value}n` : String(Number.parseInt(value));
        case "f":
          return String(Number.parseFloat(value));
        case "j":
          return JSON.stringify(value);
        case "o":
        case "O":
          return internal.inspect(value);
        default:
          return "";
      }
    });
  } else if (typeof args[0] === "string") {
    next = 1;
    text = args[0];
  }
  for (let index = next; index < args.length; index += 1) {
    const value = args[index];
    const shown = typeof value === "string" ? value : internal.inspect(value);
    text += index === 0 ? shown : ` ${shown}`;
  }
  return text;
};
