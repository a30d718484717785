using System.Diagnostics;
using System.Reflection;

namespace TargetProfiles.Contenders;

/// <summary>One file, one sink, and every contender in turn.</summary>
internal sealed class Contest : IDisposable
{
    // What the command takes unless told otherwise.
    private const int RowsOfABatch = 100_000;

    private readonly string _folder = Directory.CreateTempSubdirectory("contenders-").FullName;
    private readonly Sink _sink;
    private readonly int _megabits;

    public Contest(Shape shape, int rows, int megabits)
    {
        Shape = shape;
        _megabits = megabits;
        _sink = new Sink(megabits);
        Rows = shape.Write(_folder, rows);
        CsvBytes = Directory.GetFiles(_folder, "rows-*.csv").Sum(file => new FileInfo(file).Length);
        EncodedBytes = new FileInfo(Path.Combine(_folder, "encoded.batch")).Length;
    }

    public Shape Shape { get; }

    public int Rows { get; }

    public long CsvBytes { get; }

    public long EncodedBytes { get; }

    public string Title => FormattableString.Invariant($"{Shape.Name}: {Rows:N0} rows, {CsvBytes / 1e6:N1} MB of CSV in {Shape.Files:N0} file{(Shape.Files == 1 ? "" : "s")}, {EncodedBytes / 1e6:N1} MB encoded, {(_megabits == 0 ? "a sink without a pace" : $"a sink at {_megabits:N0} Mbit/s")}");

    /// <summary>Runs every contender so many times, each in its turn, so that a busy moment meets all of them.</summary>
    public IReadOnlyList<(Contender Contender, IReadOnlyList<Measurement> Runs)> Run(int times, string[] only)
    {
        var contenders = Contenders().Where((contender, i) => i < 2 || only.Length == 0 || only.Any(part => contender.Name.Contains(part, StringComparison.OrdinalIgnoreCase))).ToList();
        var results = contenders.ToDictionary(contender => contender, _ => new List<Measurement>());
        for (var run = 0; run < times; run++)
        {
            foreach (var contender in contenders.Where(contender => contender.IsInstalled))
            {
                Console.Error.WriteLine($"{Shape.Name}, run {run + 1}: {contender.Name}");
                _sink.Take();
                results[contender].Add(contender.Run(_folder));
                var (bytes, _) = _sink.Take();
                if (contender.Sends && bytes < EncodedBytes * 9 / 10)
                    throw new InvalidOperationException($"{contender.Name} sent {bytes} of some {EncodedBytes} bytes.");
            }
        }

        return [.. contenders.Select(contender => (contender, (IReadOnlyList<Measurement>)results[contender]))];
    }

    /// <summary>Kills a run that has sent nine tenths, and runs the same command again.</summary>
    /// <returns>Time from the start of the second command to its first request, and to its end.</returns>
    public (TimeSpan FirstRequest, TimeSpan Whole) Resume()
    {
        foreach (var left in Directory.GetFiles(_folder, "left-*"))
            File.Delete(left);
        _sink.Take();
        using (var killed = Start())
        {
            while (_sink.Bodies * (long)RowsOfABatch < Rows * 9L / 10 && !killed.HasExited)
                Thread.Sleep(1);
            killed.Kill();
            killed.WaitForExit();
        }

        _sink.Take();
        var start = Stopwatch.GetTimestamp();
        using var again = Start();
        again.WaitForExit();
        if (_sink.FirstRequestAt == 0)
            throw new InvalidOperationException("The run had sent everything before it was killed. Take more rows.");
        return again.ExitCode == 0 ? (Stopwatch.GetElapsedTime(start, _sink.FirstRequestAt), Stopwatch.GetElapsedTime(start)) : throw new InvalidOperationException($"The run that went on ended with {again.ExitCode}.");

        Process Start()
        {
            var process = new ProcessStartInfo(Command, Send("--journal-path", "left-journal", "--rejected-path", "left-rejected.csv")) { WorkingDirectory = _folder, RedirectStandardOutput = true, RedirectStandardError = true };
            var started = Process.Start(process)!;
            started.BeginOutputReadLine();
            started.BeginErrorReadLine();
            return started;
        }
    }

    public void Dispose()
    {
        _sink.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private IEnumerable<Contender> Contenders()
    {
        var scripts = Path.Combine(AppContext.BaseDirectory, "Scripts");
        var module = Path.Combine(Metadata("RepositoryRoot"), "out", "TargetProfiles");
        string[] PowerShell(string script, params string[] arguments) => ["-NoProfile", "-NonInteractive", "-File", Path.Combine(scripts, script), .. arguments];
        yield return new Contender("curl --data-binary @, encoded before", "curl", ["-sS", "-o", "left-reply", "--data-binary", "@encoded.batch", $"{_sink.Endpoint}/m2/acme/v2/profile/batchUpdate"]);
        yield return new Contender("target-profiles --version", Command, ["--version"], Sends: false);
        yield return new Contender("target-profiles send", Command, Send("--journal-path", "left-journal", "--rejected-path", "left-rejected.csv"));
        yield return new Contender("target-profiles send, guards off", Command, Send("--duplicate-id-action", "ignore"));
        yield return new Contender("pwsh, empty", "pwsh", ["-NoProfile", "-NonInteractive", "-Command", "1"], Sends: false);
        yield return new Contender("pwsh, Import-Module", "pwsh", ["-NoProfile", "-NonInteractive", "-Command", $"Import-Module '{module}'"], Sends: false);
        yield return new Contender("pwsh, Import-Module and the first cmdlet", "pwsh", ["-NoProfile", "-NonInteractive", "-Command", $"Import-Module '{module}'; Get-TargetConnection -ErrorAction Ignore"], Sends: false);
        yield return new Contender("Import-Csv | Out-Null", "pwsh", PowerShell("Measure-ImportCsv.ps1"), TellsTime: true, Sends: false);
        yield return new Contender("Send-TargetProfileBatch -LiteralPath, second run", "pwsh", PowerShell("Measure-LiteralPath.ps1", module, _sink.Endpoint), TellsTime: true);
        yield return new Contender("Send-TargetProfileBatch -LiteralPath, guards off", "pwsh", PowerShell("Measure-LiteralPath.ps1", module, _sink.Endpoint, "-GuardsOff"), TellsTime: true);
        yield return new Contender("Import-Csv | Send-TargetProfileBatch", "pwsh", PowerShell("Measure-Pipeline.ps1", module, _sink.Endpoint), TellsTime: true);
        yield return new Contender("Python, csv and quote", "python3", [Path.Combine(scripts, "send.py"), _sink.Endpoint]);
        yield return new Contender("PowerShell script, EscapeDataString", "pwsh", PowerShell("Send-Script.ps1", _sink.Endpoint), TellsTime: true);
    }

    private static string Command => Metadata("CommandPath") + (OperatingSystem.IsWindows() ? ".exe" : "");

    private string[] Send(params string[] options) =>
        ["send", .. Directory.GetFiles(_folder, "rows-*.csv").Select(Path.GetFileName).Order(StringComparer.Ordinal)!, "--client-code", "acme", "--endpoint", _sink.Endpoint, "--calls-per-minute", "0", "--json", .. options];

    private static string Metadata(string key) =>
        Path.GetFullPath(typeof(Contest).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == key).Value!);
}
