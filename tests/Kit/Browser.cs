using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;

namespace CovidCt.Tests;

/// <summary>A headless Chromium with one page, spoken to over the DevTools protocol.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly string _profile;
    private readonly ClientWebSocket _socket = new();
    private int _lastId;
    private string? _chosen;
    private int? _asking;

    private Browser(Process process, string profile) => (_process, _profile) = (process, profile);

    /// <summary>The program: what COVIDCT_CHROMIUM names, or the first of the known names on the PATH; null without one.</summary>
    public static string? Program => Environment.GetEnvironmentVariable("COVIDCT_CHROMIUM") is { Length: > 0 } given
        ? given
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(folder => Names.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);

    /// <summary>Everything that the page complained of: console errors, exceptions, and what the browser itself logged.</summary>
    public List<string> Complaints { get; } = [];

    /// <summary>The addresses that the page asked for.</summary>
    public List<string> Requests { get; } = [];

    public static async Task<Browser> Start(CancellationToken cancellationToken)
    {
        var profile = Directory.CreateTempSubdirectory("covidct-browser-").FullName;
        var process = Process.Start(new ProcessStartInfo(
            Program!,
            ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--remote-debugging-port=0", $"--user-data-dir={profile}", "about:blank"])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        process.ErrorDataReceived += (_, _) => { };
        process.OutputDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        var browser = new Browser(process, profile);
        try
        {
            await browser.Connect(cancellationToken);
            return browser;
        }
        catch
        {
            await browser.DisposeAsync();
            throw;
        }
    }

    /// <summary>Shows a file in a window of a size, and waits until all of it is there.</summary>
    public Task Open(string file, int width, int height, bool isDark, CancellationToken cancellationToken) =>
        Open(new Uri(file), width, height, isDark, cancellationToken);

    /// <summary>Shows a page in a window of a size, and waits until all of it is there.</summary>
    public async Task Open(Uri page, int width, int height, bool isDark, CancellationToken cancellationToken)
    {
        await Send("Emulation.setDeviceMetricsOverride", new() { ["width"] = width, ["height"] = height, ["deviceScaleFactor"] = 1, ["mobile"] = width < 600 }, cancellationToken);
        await Send(
            "Emulation.setEmulatedMedia",
            new() { ["features"] = new JsonArray(new JsonObject { ["name"] = "prefers-color-scheme", ["value"] = isDark ? "dark" : "light" }) },
            cancellationToken);
        await Send("Page.navigate", new() { ["url"] = page.AbsoluteUri }, cancellationToken);
        await Evaluate(
            $"new Promise(done => {{ const look = () => document.readyState === 'complete' && location.protocol === '{page.Scheme}:' ? Promise.all([...document.images].map(i => i.decode().catch(() => 0))).then(() => done(true)) : setTimeout(look, 20); look(); }})",
            cancellationToken);
    }

    /// <summary>The value of an expression, or of the promise that it is.</summary>
    public async Task<JsonNode?> Evaluate(string expression, CancellationToken cancellationToken)
    {
        var answer = await Send(
            "Runtime.evaluate", new() { ["expression"] = expression, ["awaitPromise"] = true, ["returnByValue"] = true }, cancellationToken);
        Assert.True(answer["exceptionDetails"] is null, answer["exceptionDetails"]?.ToJsonString());
        return answer["result"]!["value"];
    }

    /// <summary>Presses a key where the focus is.</summary>
    public async Task Press(string key, CancellationToken cancellationToken)
    {
        var (code, text) = key switch { "Enter" => (13, "\r"), "ArrowLeft" => (37, ""), "ArrowRight" => (39, ""), "Home" => (36, ""), _ => (9, "") };
        foreach (var type in (string[])["keyDown", "keyUp"])
        {
            await Send(
                "Input.dispatchKeyEvent",
                new() { ["type"] = type, ["key"] = key, ["code"] = key, ["windowsVirtualKeyCode"] = code, ["text"] = type == "keyDown" ? text : "" },
                cancellationToken);
        }
    }

    /// <summary>Has the next dialog that asks for a file be answered with one.</summary>
    public async Task Choose(string file, CancellationToken cancellationToken)
    {
        _chosen = file;
        await Send("Page.setInterceptFileChooserDialog", new() { ["enabled"] = true }, cancellationToken);
    }

    /// <summary>What the page looks like, all of its length, as a PNG file.</summary>
    public async Task<byte[]> Picture(CancellationToken cancellationToken) => Convert.FromBase64String(
        (await Send("Page.captureScreenshot", new() { ["captureBeyondViewport"] = true }, cancellationToken))["data"]!.GetValue<string>());

    /// <summary>The page as a PDF file.</summary>
    public async Task<byte[]> Print(CancellationToken cancellationToken) => Convert.FromBase64String(
        (await Send("Page.printToPDF", new() { ["preferCSSPageSize"] = true, ["paperWidth"] = 8.27, ["paperHeight"] = 11.69 }, cancellationToken))["data"]!.GetValue<string>());

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        for (var attempt = 0; attempt < 20 && Directory.Exists(_profile); attempt++)
        {
            try
            {
                Directory.Delete(_profile, recursive: true);
            }
            catch (IOException)
            {
                await Task.Delay(100); // The last of its processes is still writing.
            }
        }
    }

    private async Task Connect(CancellationToken cancellationToken)
    {
        var file = Path.Combine(_profile, "DevToolsActivePort");
        var clock = Stopwatch.StartNew();
        while (!File.Exists(file) || (await File.ReadAllLinesAsync(file, cancellationToken)).Length < 2)
        {
            Assert.False(_process.HasExited, "The browser ended at once.");
            Assert.True(clock.Elapsed < Patience, "The browser didn't open its port.");
            await Task.Delay(50, cancellationToken);
        }

        var port = (await File.ReadAllLinesAsync(file, cancellationToken))[0];
        using var handler = new HttpClientHandler { UseProxy = false };
        using var http = new HttpClient(handler);
        string? address = null;
        while (address is null)
        {
            var targets = JsonNode.Parse(await http.GetStringAsync(new Uri($"http://127.0.0.1:{port}/json/list"), cancellationToken))!.AsArray();
            address = targets.FirstOrDefault(target => target!["type"]!.GetValue<string>() == "page")?["webSocketDebuggerUrl"]!.GetValue<string>();
            Assert.True(clock.Elapsed < Patience, "The browser has no page.");
            await Task.Delay(50, cancellationToken);
        }

        _socket.Options.Proxy = null;
        await _socket.ConnectAsync(new Uri(address), cancellationToken);
        foreach (var domain in (string[])["Page", "Runtime", "Log", "Network"])
        {
            await Send($"{domain}.enable", [], cancellationToken);
        }
    }

    private async Task<JsonNode> Send(string method, JsonObject parameters, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        var id = ++_lastId;
        var message = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters }.ToJsonString();
        await _socket.SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, endOfMessage: true, patience.Token);
        while (true)
        {
            var answer = await Receive(patience.Token);
            if (answer["id"]?.GetValue<int>() == id)
            {
                Assert.True(answer["error"] is null, $"{method}: {answer["error"]?.ToJsonString()}");
                if (_asking is { } node)
                {
                    _asking = null;
                    await Send("DOM.setFileInputFiles", new() { ["files"] = new JsonArray(_chosen!), ["backendNodeId"] = node }, cancellationToken);
                }

                return answer["result"]!;
            }

            Note(answer);
        }
    }

    private async Task<JsonNode> Receive(CancellationToken cancellationToken)
    {
        using var content = new MemoryStream();
        var buffer = new byte[1 << 16];
        ValueWebSocketReceiveResult part;
        do
        {
            part = await _socket.ReceiveAsync(buffer.AsMemory(), cancellationToken);
            content.Write(buffer, 0, part.Count);
        }
        while (!part.EndOfMessage);
        return JsonNode.Parse(content.ToArray())!;
    }

    private void Note(JsonNode happening)
    {
        var parameters = happening["params"];
        switch (happening["method"]?.GetValue<string>())
        {
            case "Runtime.exceptionThrown":
                Complaints.Add(parameters!["exceptionDetails"]!.ToJsonString());
                break;
            case "Runtime.consoleAPICalled" when parameters!["type"]!.GetValue<string>() is "error" or "warning" or "assert":
                Complaints.Add(parameters["args"]!.ToJsonString());
                break;
            case "Log.entryAdded":
                Complaints.Add(parameters!["entry"]!["text"]!.GetValue<string>());
                break;
            case "Page.fileChooserOpened":
                _asking = parameters!["backendNodeId"]!.GetValue<int>();
                break;
            case "Network.requestWillBeSent":
                Requests.Add(parameters!["request"]!["url"]!.GetValue<string>());
                break;
        }
    }
}
