import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { within } from "../support/deadline.ts";
import { type Studio, startStudio } from "./stand-in/index.ts";

let studio: Studio;
beforeAll(async () => {
  studio = await startStudio({ plugins: [] });
});
afterAll(() => studio.close());

describe("ChangeHistoryService", () => {
  beforeEach(async () => {
    await studio.run(`workspace:ClearAllChildren() game:GetService("ChangeHistoryService"):ResetWaypoints()`);
  });

  test("a recording is undone and redone as one: properties, sources, parents", async () => {
    expect(
      await studio.run(`
        local history = game:GetService("ChangeHistoryService")
        local script = Instance.new("Script", workspace)
        script.Source = "old"
        local gone = Instance.new("Folder", workspace)
        local id = history:TryBeginRecording("edit", "Edit")
        script.Source = "new"
        script.Name = "renamed"
        gone:Destroy()
        local added = Instance.new("Part", workspace)
        history:FinishRecording(id, Enum.FinishRecordingOperation.Commit)
        local function look()
          return { script.Source, script.Name, gone.Parent == workspace, added.Parent == workspace }
        end
        local after = look()
        history:Undo()
        local undone = look()
        local can, name = history:GetCanRedo()
        history:Redo()
        return { after, undone, look(), can, name, (history:GetCanRedo()) }`),
    ).toEqual([
      ["new", "renamed", false, true],
      ["old", "Script", true, false],
      ["new", "renamed", false, true],
      true,
      "edit",
      false,
    ]);
  });

  test("only one recording is open at a time", async () => {
    expect(
      await studio.run(`
        local history = game:GetService("ChangeHistoryService")
        local id = history:TryBeginRecording("one")
        local second = history:TryBeginRecording("two")
        local open = history:IsRecordingInProgress(id)
        history:FinishRecording(id, Enum.FinishRecordingOperation.Commit)
        local third = history:TryBeginRecording("three")
        history:FinishRecording(third, Enum.FinishRecordingOperation.Cancel)
        return { type(id), second == nil, open, type(third), history:IsRecordingInProgress() }`),
    ).toEqual(["string", true, true, "string", false]);
  });

  test("a cancelled recording leaves nothing changed and nothing to undo", async () => {
    expect(
      await studio.run(`
        local history = game:GetService("ChangeHistoryService")
        local value = Instance.new("StringValue", workspace)
        local id = history:TryBeginRecording("edit")
        value.Value = "changed"
        history:FinishRecording(id, Enum.FinishRecordingOperation.Cancel)
        return { value.Value, (history:GetCanUndo()) }`),
    ).toEqual(["", false]);
  });

  test("a waypoint closes what was changed since the last", async () => {
    expect(
      await studio.run(`
        local history = game:GetService("ChangeHistoryService")
        local value = Instance.new("StringValue", workspace)
        history:SetWaypoint("made")
        value.Value = "a"
        history:SetWaypoint("a")
        history:Undo()
        return { value.Value, value.Parent == workspace, select(2, history:GetCanUndo()) }`),
    ).toEqual(["", true, "made"]);
  });

  test("undo, redo and recordings are told", async () => {
    expect(
      await studio.run(`
        local history, seen = game:GetService("ChangeHistoryService"), {}
        for _, name in { "OnUndo", "OnRedo", "OnRecordingStarted" } do
          history[name]:Connect(function(what) table.insert(seen, name .. " " .. what) end)
        end
        history.OnRecordingFinished:Connect(function(name, display, id, operation)
          table.insert(seen, name .. " " .. display .. " " .. operation.Name)
        end)
        local id = history:TryBeginRecording("n", "d")
        Instance.new("Part", workspace)
        history:FinishRecording(id, Enum.FinishRecordingOperation.Commit)
        history:Undo()
        history:Redo()
        return seen`),
    ).toEqual(["OnRecordingStarted n", "n d Commit", "OnUndo n", "OnRedo n"]);
  });
});

describe("ScriptEditorService", () => {
  test("a script opens in a document, is edited there, and closes", async () => {
    expect(
      await studio.run(`
        local editor, seen = game:GetService("ScriptEditorService"), {}
        local connections = {
          editor.TextDocumentDidOpen:Connect(function(document) table.insert(seen, "open " .. document:GetScript().Name) end),
          editor.TextDocumentDidClose:Connect(function(document) table.insert(seen, "close " .. document:GetText()) end),
          editor.TextDocumentDidChange:Connect(function(document, changes)
            local range = changes[1].range
            table.insert(seen, \`change {range.start.line}:{range.start.character}-{range["end"].line}:{range["end"].character} {changes[1].text}\`)
          end),
        }
        local script = Instance.new("Script", workspace)
        script.Source = "one\\ntwo\\nthree"
        local before = editor:FindScriptDocument(script)
        local opened = editor:OpenScriptDocumentAsync(script)
        editor:OpenScriptDocumentAsync(script)
        local document = editor:FindScriptDocument(script)
        document:EditTextAsync("TWO", 2, 1, 2, 4)
        local texts = { document:GetText(2, 1, 2, 4), document:GetLine(3), document:GetLineCount(), editor:GetEditorSource(script), script.Source }
        local count = #editor:GetScriptDocuments()
        document:CloseAsync()
        for _, connection in connections do connection:Disconnect() end
        return { before == nil, opened, texts, count, editor:FindScriptDocument(script) == nil, seen, select(2, pcall(function() document:GetText() end)) }`),
    ).toEqual([
      true,
      true,
      ["TWO", "three", 3, "one\nTWO\nthree", "one\nTWO\nthree"],
      1,
      true,
      ["open Script", "change 2:1-2:4 TWO", "close one\nTWO\nthree"],
      "ScriptDocument is closed",
    ]);
  });

  test("UpdateSourceAsync asks the callback, and nil leaves the script as it is", async () => {
    expect(
      await studio.run(`
        local editor = game:GetService("ScriptEditorService")
        local script = Instance.new("ModuleScript")
        script.Source = "a"
        editor:UpdateSourceAsync(script, function(old) return old .. "b" end)
        local first = script.Source
        editor:UpdateSourceAsync(script, function() return nil end)
        editor:OpenScriptDocumentAsync(script)
        editor:UpdateSourceAsync(script, function(old) return old .. "c" end)
        local document = editor:FindScriptDocument(script)
        local text = document:GetText()
        document:CloseAsync()
        return {
          first, script.Source, text,
          select(2, pcall(editor.UpdateSourceAsync, editor, script, function() task.wait() end)),
          select(2, pcall(editor.UpdateSourceAsync, editor, workspace, function() end)),
        }`),
    ).toEqual([
      "ab",
      "abc",
      "abc",
      "UpdateSourceAsync: the callback may not yield",
      "invalid argument #1 to 'UpdateSourceAsync' (LuaSourceContainer expected, got Workspace)",
    ]);
  });

  test("the tab in front is the active script: the one opened last, or opened again", async () => {
    expect(
      await studio.run(`
        local editor, service, seen = game:GetService("ScriptEditorService"), game:GetService("StudioService"), {}
        local function note() table.insert(seen, if service.ActiveScript then service.ActiveScript.Name else "none") end
        note()
        local connection = service:GetPropertyChangedSignal("ActiveScript"):Connect(note)
        local a, b = Instance.new("Script"), Instance.new("ModuleScript")
        editor:OpenScriptDocumentAsync(a)
        editor:OpenScriptDocumentAsync(b)
        editor:OpenScriptDocumentAsync(a)
        editor:FindScriptDocument(a):CloseAsync()
        editor:FindScriptDocument(b):CloseAsync()
        connection:Disconnect()
        return seen`),
    ).toEqual(["none", "Script", "ModuleScript", "Script", "ModuleScript", "none"]);
  });

  test("a document has a selection, which its text can be asked for", async () => {
    expect(
      await studio.run(`
        local editor = game:GetService("ScriptEditorService")
        local script = Instance.new("Script")
        script.Source = "one\\nzwei ü\\nthree"
        editor:OpenScriptDocumentAsync(script)
        local document = editor:FindScriptDocument(script)
        local found = { { document:GetSelection() }, document:HasSelectedText(), document:GetSelectedText(), document:GetLine() }
        local changes = 0
        document.SelectionChanged:Connect(function() changes += 1 end)
        document:RequestSetSelectionAsync(1, 2, 2, 8)
        table.insert(found, { document:GetSelection() })
        table.insert(found, { document:GetSelectionStart() })
        table.insert(found, { document:GetSelectionEnd() })
        table.insert(found, document:GetSelectedText())
        table.insert(found, document:HasSelectedText())
        document:ForceSetSelectionAsync(3, 1)
        table.insert(found, document:GetLine())
        table.insert(found, changes)
        document:CloseAsync()
        return found`),
    ).toEqual([[1, 1, 1, 1], false, "", "one", [1, 2, 2, 8], [1, 2], [2, 8], "ne\nzwei ü", true, "three", 2]);
  });

  test("where a person puts the caret in the page is the document's selection, as far as there is text", async () => {
    await studio.run(`
      local script = Instance.new("Script", workspace)
      script.Source = "one\\ntwo"
      game:GetService("ScriptEditorService"):OpenScriptDocumentAsync(script)
      _G.document = game:GetService("ScriptEditorService"):FindScriptDocument(script)`);
    const shown = new Promise<number>((resolve) => {
      studio.page.watch(
        ({ news }) => {
          if (news.editor !== undefined) resolve(news.editor.active);
        },
        () => undefined,
      );
    });
    const id = await within(10, "the page's editor", shown);
    studio.page.say(1, { kind: "caret", id, line: 1, character: 2, anchorLine: 9, anchorCharacter: 9 });
    await studio.until("it is selected", `table.concat({ _G.document:GetSelection() }, " ") == "1 2 2 4"`);
    expect(await studio.run("_G.document:GetSelectedText()")).toBe("ne\ntwo");
    await studio.run("_G.document:CloseAsync() workspace:ClearAllChildren()");
  });

  test("a cursor in what is replaced goes to its end, another stays as far as there is text", async () => {
    expect(
      await studio.run(`
        local editor = game:GetService("ScriptEditorService")
        local script = Instance.new("Script")
        script.Source = "one\\ntwo\\nthree"
        editor:OpenScriptDocumentAsync(script)
        local document = editor:FindScriptDocument(script)
        document:RequestSetSelectionAsync(2, 2, 1, 3)
        document:EditTextAsync("2\\n2", 2, 1, 2, 4)
        local found = { { document:GetSelection() }, script.Source }
        script.Source = "x"
        table.insert(found, { document:GetSelection() })
        document:CloseAsync()
        return found`),
    ).toEqual([[3, 2, 1, 3], "one\n2\n2\nthree", [1, 2, 1, 2]]);
  });

  test.each([
    [`document:EditTextAsync("x", 3, 1, 3, 1)`, "Position is outside of the document"],
    [`document:EditTextAsync("x", 1, 3, 1, 1)`, "Invalid range"],
    [`document:EditTextAsync("x", 2, 2, 2, 3)`, "Invalid range"],
    [`document:EditTextAsync("\\255", 1, 1, 1, 1)`, "Text is not valid UTF-8"],
  ])("%s is an error, and nothing is changed", async (source, text) => {
    expect(
      await studio.run(`
        local editor = game:GetService("ScriptEditorService")
        local script = Instance.new("Script")
        script.Source = "one\\nü"
        editor:OpenScriptDocumentAsync(script)
        local document = editor:FindScriptDocument(script)
        local _, says = pcall(function() ${source} end)
        document:CloseAsync()
        return { says, script.Source }`),
    ).toEqual([text, "one\nü"]);
  });

  test("a source that is set under an open document shows in it", async () => {
    expect(
      await studio.run(`
        local editor = game:GetService("ScriptEditorService")
        local script = Instance.new("Script")
        editor:OpenScriptDocumentAsync(script)
        local changed = 0
        local connection = editor.TextDocumentDidChange:Connect(function() changed += 1 end)
        script.Source = "from elsewhere"
        connection:Disconnect()
        return { editor:FindScriptDocument(script):GetText(), changed }`),
    ).toEqual(["from elsewhere", 1]);
  });
});

describe("HttpService without a network", () => {
  test.each([
    [`{}`, "[]"],
    [`{ 1, 2, x = 3 }`, "[1,2]"],
    [`{ a = nil, b = 1 }`, `{"b":1}`],
    [
      `{ 1.5, -0.25, 1e300, true, "a\\n\\"\\\\\\u{1F600}" }`,
      `[1.5,-0.25,1.0000000000000001e+300,true,"a\\n\\"\\\\😀"]`,
    ],
    [`{ [5] = "x" }`, `{"5":"x"}`],
    [`buffer.fromstring("abc")`, `{"m":null,"t":"buffer","base64":"YWJj"}`],
    [`"a\\0b"`, `"a\\u0000b"`],
  ])("encodes %s", async (value, json) => {
    expect(await studio.run(`game:GetService("HttpService"):JSONEncode(${value})`)).toBe(json);
  });

  test.each([
    [`local t = {} t.t = t http:JSONEncode(t)`, "tables cannot be cyclic"],
    [`http:JSONEncode("\\255")`, "Can't convert to JSON"],
    [`http:JSONDecode("{")`, "Can't parse JSON"],
    [`http:JSONDecode("[1,]")`, "Can't parse JSON"],
    [`http:JSONDecode("1 2")`, "Can't parse JSON"],
    [`http:JSONDecode("")`, "Can't parse JSON"],
    [`http:JSONDecode(nil)`, "Argument 1 missing or nil"],
  ])("refuses %s", async (source, text) => {
    expect(
      await studio.run(`
        local http = game:GetService("HttpService")
        return select(2, pcall(function() ${source} end))`),
    ).toBe(text);
  });

  test("decodes what JSON has, with null as nothing", async () => {
    const json = JSON.stringify({ a: [1, -2.5e3, "é😀\n\u0000", true, []], b: { c: {} }, gone: null });
    expect(
      await studio.run(`
        local data = game:GetService("HttpService"):JSONDecode([==[${json}]==])
        return { data.a[1], data.a[2], data.a[3], data.a[4], #data.a[5], next(data.b.c) == nil, data.gone == nil }`),
    ).toEqual([1, -2500, "é😀\n\0", true, 0, true, true]);
    expect(await studio.run(`game:GetService("HttpService"):JSONDecode('"\\\\ud83d\\\\ude00"')`)).toBe("😀");
  });

  test("makes GUIDs and escapes URLs", async () => {
    const [braced, bare, escaped] = await studio.run<string[]>(`
      local http = game:GetService("HttpService")
      return { http:GenerateGUID(), http:GenerateGUID(false), http:UrlEncode("a b/é~") }`);
    expect(braced).toMatch(/^\{[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\}$/);
    expect(bare).toMatch(/^[0-9a-f-]{36}$/);
    expect(escaped).toBe("a%20b%2F%C3%A9~");
  });
});

describe("small services", () => {
  test("EncodingService: Base64 and hashes of any bytes", async () => {
    expect(
      await studio.run(`
        local encoding = game:GetService("EncodingService")
        local function base64(text) return buffer.tostring(encoding:Base64Encode(buffer.fromstring(text))) end
        local all = buffer.create(256)
        for i = 0, 255 do buffer.writeu8(all, i, i) end
        local back = encoding:Base64Decode(encoding:Base64Encode(all))
        local hash = encoding:ComputeStringHash("abc", Enum.HashAlgorithm.Sha256)
        return {
          base64(""), base64("a"), base64("ab"), base64("abc"), base64("\\0\\255\\254"),
          buffer.tostring(back) == buffer.tostring(all),
          (string.gsub(hash, ".", function(c) return string.format("%02x", string.byte(c)) end)),
          buffer.len(encoding:ComputeBufferHash(all, Enum.HashAlgorithm.Md5)),
          select(2, pcall(function() encoding:Base64Decode(buffer.fromstring("a*==")) end)),
        }`),
    ).toEqual([
      ...["", "YQ==", "YWI=", "YWJj", "AP/+", true],
      ...["ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", 16, "Input is not valid Base64 data"],
    ]);
  });

  test("LogService has what the output shows, and tells each line", async () => {
    expect(
      await studio.run(`
        local log, told = game:GetService("LogService"), {}
        log:ClearOutput()
        local connection = log.MessageOut:Connect(function(text, kind) table.insert(told, kind.Name .. " " .. text) end)
        print("a", 1)
        warn("b")
        task.spawn(error, "c", 0)
        connection:Disconnect()
        local listed = {}
        for index, entry in log:GetLogHistory() do
          listed[index] = entry.messageType.Name .. " " .. entry.message
          assert(math.abs(entry.timestamp - os.time()) < 5)
        end
        log:ClearOutput()
        return { same = table.concat(told, "\\n") == table.concat(listed, "\\n"), told[1], told[2], told[3], #log:GetLogHistory() }`),
    ).toEqual(["MessageOutput a 1", "MessageWarning b", "MessageError c", 0]);
  });

  test("a line that is no UTF-8 shows in the output, and is as it was for scripts", async () => {
    expect(
      await studio.run(`
        local log = game:GetService("LogService")
        print("a \\255")
        local list = log:GetLogHistory()
        return list[#list].message == "a \\255"`),
    ).toBe(true);
    expect(studio.output().at(-1)?.text).toBe("a \uFFFD");
  });

  test("LogService keeps the newest thousand", async () => {
    expect(
      await studio.run(`
        local log = game:GetService("LogService")
        for index = 1, 2500 do print(index) end
        local list = log:GetLogHistory()
        log:ClearOutput()
        return { #list, list[1].message, list[#list].message }`),
    ).toEqual([1000, "1501", "2500"]);
  });

  test("Selection keeps an order and tells its change", async () => {
    expect(
      await studio.run(`
        local selection, changes = game:GetService("Selection"), 0
        selection.SelectionChanged:Connect(function() changes += 1 end)
        local a, b = Instance.new("Folder", workspace), Instance.new("Part", workspace)
        selection:Set({ a })
        selection:Add({ b, a })
        selection:Remove({ a })
        return { #selection:Get(), selection:Get()[1] == b, changes }`),
    ).toEqual([1, true, 3]);
  });

  test("a tween reaches its goal and completes", async () => {
    expect(
      await studio.run(`
        local frame = Instance.new("Frame")
        local tween = game:GetService("TweenService"):Create(frame, TweenInfo.new(0.05), { BackgroundTransparency = 1 })
        tween:Play()
        local state = tween.Completed:Wait()
        return { frame.BackgroundTransparency, state.Name }`),
    ).toEqual([1, "Completed"]);
  });

  test("TextService measures as the screen draws", async () => {
    const [measured, asked, bounds] = await studio.run<string[]>(`
      local info = DockWidgetPluginGuiInfo.new(Enum.InitialDockState.Float, true, true, 300, 300)
      local label = Instance.new("TextLabel")
      label.Size, label.TextSize, label.TextWrapped = UDim2.fromOffset(60, 200), 20, true
      label.Text, label.Font = "hello wide world", Enum.Font.SourceSansBold
      label.Parent = plugin:CreateDockWidgetPluginGui("text", info)
      local service, params = game:GetService("TextService"), Instance.new("GetTextBoundsParams")
      params.Text, params.Size, params.Width, params.Font = label.Text, 20, 60, label.FontFace
      return {
        tostring(service:GetTextSize(label.Text, 20, label.Font, Vector2.new(60, 200))),
        tostring(service:GetTextBoundsAsync(params)),
        tostring(label.TextBounds),
      }`);
    expect([measured, asked]).toEqual([bounds, bounds]);
    expect(bounds).toMatch(/^\d\d, 60$/);
  });

  test("TextFits tells whether a label has room for its text", async () => {
    expect(
      await studio.run(`
        local info = DockWidgetPluginGuiInfo.new(Enum.InitialDockState.Float, true, true, 300, 300)
        local label = Instance.new("TextLabel")
        label.Size, label.Text = UDim2.fromOffset(20, 20), "a long text"
        label.Parent = plugin:CreateDockWidgetPluginGui("fits", info)
        local before = label.TextFits
        label.Size = UDim2.fromOffset(90, 20)
        return { before, label.TextFits }`),
    ).toEqual([false, true]);
  });

  test("the clock is the machine's", async () => {
    const before = Date.now();
    const now = await studio.run<number>(`DateTime.now().UnixTimestampMillis`);
    expect(Math.abs(now - before)).toBeLessThan(2_000);
  });
});
