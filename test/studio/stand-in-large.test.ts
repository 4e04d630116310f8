import { expect, test } from "vitest";
import { startStudio } from "./stand-in/index.ts";
import { writeRbxmx } from "./stand-in/write-rbxmx.ts";

test("what is longer than one exchange crosses whole: a plugin's script, a printed line, a value", async () => {
  const long = "é".repeat(1_500_000);
  const plugin = await writeRbxmx("long", [{ name: "main", source: `print(#"${long}")` }]);
  const studio = await startStudio({ plugins: [plugin.path] });
  expect(studio.output().map(({ text }) => text)).toEqual(["3000000"]);
  await studio.run(`print(string.rep("é", 1500000))`);
  expect(studio.output().at(-1)?.text === long).toBe(true);
  expect((await studio.run(`string.rep("é", 1500000)`)) === long).toBe(true);
  await studio.close();
  await plugin.remove();
});
