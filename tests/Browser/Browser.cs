using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace TargetProfiles.Tests;

/// <summary>A headless Chromium with one page, driven by the DevTools protocol. It is killed when disposed, whatever happened.</summary>
internal sealed partial class Browser : IAsyncDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly string _userData;
    private readonly ClientWebSocket _socket = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _sending = new(1);
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonElement>> _calls = new();
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly ConcurrentQueue<string> _requests = new();
    private TaskCompletionSource _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _reading = Task.CompletedTask;
    private int _lastCall;

    private Browser(Process process, string userData)
    {
        _process = process;
        _userData = userData;
    }

    /// <summary>The browser of this machine, or null.</summary>
    public static string? Program { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .SelectMany(folder => new[] { "chromium", "chromium-browser", "google-chrome" }.Select(name => Path.Combine(folder, name)))
        .FirstOrDefault(File.Exists);

    /// <summary>What the page complained of: exceptions, errors on the console, and what could not be loaded.</summary>
    public IReadOnlyCollection<string> Errors => _errors;

    /// <summary>The address of everything that was asked for.</summary>
    public IReadOnlyCollection<string> Requests => _requests;

    public static async Task<Browser> StartAsync()
    {
        var userData = Directory.CreateTempSubdirectory("target-browser-").FullName;
        var start = new ProcessStartInfo(Program!) { RedirectStandardError = true, RedirectStandardOutput = true };
        string[] options =
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--no-proxy-server", "--remote-debugging-port=0", $"--user-data-dir={userData}", "about:blank",
        ];
        foreach (var option in options)
            start.ArgumentList.Add(option);
        var browser = new Browser(Process.Start(start)!, userData);
        try
        {
            await browser.ConnectAsync().WaitAsync(LongestWait);
            return browser;
        }
        catch
        {
            await browser.DisposeAsync();
            throw;
        }
    }

    /// <summary>Opens a page, and waits until it is loaded.</summary>
    public async Task OpenAsync(string address)
    {
        _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await CallAsync("Page.navigate", new JsonObject { ["url"] = address });
        await _loaded.Task.WaitAsync(LongestWait);
    }

    /// <summary>The value of a script, which may be a promise.</summary>
    public async Task<JsonElement> EvaluateAsync(string script)
    {
        var reply = await CallAsync("Runtime.evaluate", new JsonObject
        {
            ["expression"] = script,
            ["awaitPromise"] = true,
            ["returnByValue"] = true,
            ["userGesture"] = true,
        });
        return reply.TryGetProperty("exceptionDetails", out var failure)
            ? throw new InvalidOperationException(failure.ToString())
            : reply.GetProperty("result").TryGetProperty("value", out var value) ? value : default;
    }

    public async Task<string?> TextAsync(string script) => (await EvaluateAsync(script)).ToString();

    /// <summary>Waits until a condition holds in the page.</summary>
    /// <exception cref="TimeoutException">It did not in time; the message tells what the page showed.</exception>
    public async Task UntilAsync(string condition)
    {
        try
        {
            await EvaluateAsync($"new Promise(done => {{ const look = () => ({condition}) ? done(true) : setTimeout(look, 20); look(); }})");
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"{condition}\n{await TextAsync("document.body.innerText")}\n{string.Join('\n', _errors)}");
        }
    }

    public Task PreferAsync(string colorScheme) => CallAsync("Emulation.setEmulatedMedia", new JsonObject
    {
        ["features"] = new JsonArray(new JsonObject { ["name"] = "prefers-color-scheme", ["value"] = colorScheme }),
    });

    /// <summary>Turns scripts off for the pages that are opened from now on.</summary>
    public Task DisableScriptsAsync() => CallAsync("Emulation.setScriptExecutionDisabled", new JsonObject { ["value"] = true });

    public Task ResizeAsync(int width, int height) => CallAsync("Emulation.setDeviceMetricsOverride", new JsonObject
    {
        ["width"] = width,
        ["height"] = height,
        ["deviceScaleFactor"] = 1,
        ["mobile"] = false,
    });

    /// <summary>A picture of the page as a PNG.</summary>
    public async Task<byte[]> PictureAsync(bool whole = false) =>
        (await CallAsync("Page.captureScreenshot", new JsonObject { ["format"] = "png", ["captureBeyondViewport"] = whole })).GetProperty("data").GetBytesFromBase64();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        await _reading;
        _process.Dispose();
        _socket.Dispose();
        _sending.Dispose();
        _stop.Dispose();
        try
        {
            Directory.Delete(_userData, recursive: true);
        }
        catch (IOException)
        {
            // A child of the browser that dies a moment later may still write there.
        }
    }

    private async Task ConnectAsync()
    {
        _process.OutputDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        Match told;
        do
        {
            var line = await _process.StandardError.ReadLineAsync() ?? throw new InvalidOperationException("The browser ended before it listened.");
            told = DevToolsAddress().Match(line);
        }
        while (!told.Success);
        _ = _process.StandardError.ReadToEndAsync();
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var reply = await http.PutAsync($"http://{told.Groups[1].Value}/json/new?about:blank", content: null);
        using var page = JsonDocument.Parse(await reply.Content.ReadAsStringAsync());
        await _socket.ConnectAsync(new Uri(page.RootElement.GetProperty("webSocketDebuggerUrl").GetString()!), _stop.Token);
        _reading = ReadAsync();
        foreach (var domain in new[] { "Page", "Runtime", "Log", "Network" })
            await CallAsync($"{domain}.enable", []);
        // A page in the background may rest.
        await CallAsync("Page.bringToFront", []);
    }

    private async Task<JsonElement> CallAsync(string method, JsonObject parameters)
    {
        var id = Interlocked.Increment(ref _lastCall);
        var called = _calls[id] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var text = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters }.ToJsonString();
        await _sending.WaitAsync();
        try
        {
            await _socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, _stop.Token);
        }
        finally
        {
            _sending.Release();
        }

        return await called.Task.WaitAsync(LongestWait);
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[64 * 1024];
        using var message = new MemoryStream();
        try
        {
            while (_socket.State == WebSocketState.Open)
            {
                var read = await _socket.ReceiveAsync(buffer.AsMemory(), _stop.Token);
                message.Write(buffer, 0, read.Count);
                if (!read.EndOfMessage)
                    continue;
                using var json = JsonDocument.Parse(message.GetBuffer().AsMemory(0, (int)message.Length));
                Take(json.RootElement.Clone());
                message.SetLength(0);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException)
        {
            // The browser is killed at the end.
        }
    }

    private void Take(JsonElement message)
    {
        if (message.TryGetProperty("id", out var id))
        {
            if (!_calls.TryRemove(id.GetInt32(), out var called))
                return;
            if (message.TryGetProperty("error", out var error))
                called.SetException(new InvalidOperationException(error.ToString()));
            else
                called.SetResult(message.GetProperty("result"));
            return;
        }

        var what = message.GetProperty("params");
        switch (message.GetProperty("method").GetString())
        {
            case "Page.loadEventFired":
                _loaded.TrySetResult();
                break;
            case "Runtime.exceptionThrown":
                _errors.Enqueue(what.ToString());
                break;
            case "Runtime.consoleAPICalled" when what.GetProperty("type").GetString() is "error" or "assert" or "warning":
                _errors.Enqueue(what.ToString());
                break;
            case "Log.entryAdded" when what.GetProperty("entry").GetProperty("level").GetString() is "error" or "warning":
                _errors.Enqueue(what.ToString());
                break;
            case "Network.requestWillBeSent":
                _requests.Enqueue(what.GetProperty("request").GetProperty("url").GetString()!);
                break;
        }
    }

    [GeneratedRegex("DevTools listening on ws://([^/]+)/")]
    private static partial Regex DevToolsAddress();
}
