# Regular expressions, parsing, json, fractions.
import json
import re
from fractions import Fraction

token = re.compile(r"\s*(?:(\d+)|(.))")


def evaluate(text):
    tokens = [(int(n) if n else op) for n, op in token.findall(text)] + [None]
    at = 0

    def atom():
        nonlocal at
        t = tokens[at]
        at += 1
        if t == "(":
            value = expression()
            at += 1
            return value
        return Fraction(t)

    def term():
        nonlocal at
        value = atom()
        while tokens[at] in ("*", "/"):
            op = tokens[at]
            at += 1
            value = value * atom() if op == "*" else value / atom()
        return value

    def expression():
        nonlocal at
        value = term()
        while tokens[at] in ("+", "-"):
            op = tokens[at]
            at += 1
            value = value + term() if op == "+" else value - term()
        return value

    return expression()


total = Fraction(0)
for i in range(1, 1500):
    total += evaluate(f"({i} + 3 * {i % 7 + 1}) / ({i % 5 + 2} - 9) - 4 / {i % 3 + 1}")
print(total)
data = {str(i): [i, {"x": i / 2}] for i in range(8000)}
print(sum(v[1]["x"] for v in json.loads(json.dumps(data)).values()))
