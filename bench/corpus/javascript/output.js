// Much output, line by line.
for (let i = 0; i < 100000; i++) console.log(i, i * i);
