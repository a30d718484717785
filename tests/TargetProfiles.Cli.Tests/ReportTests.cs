using System.Globalization;
using System.Text.Json;
using TargetProfiles.Emulator;
using TargetProfiles.Tests;

namespace TargetProfiles.Cli.Tests;

/// <summary>The report in a real browser, its numbers held against the journal as the tests read it for themselves.</summary>
public sealed class ReportTests : Sending
{
    private const int Rows = 1100;
    private const int RowsOfABatch = 10;

    /// <summary>As <see cref="Sending.Connection"/>, with as many tries as the command has by itself.</summary>
    private string[] Patient => ["--client-code", Emulator.ClientCode, "--endpoint", Endpoint, "--calls-per-minute", "0"];

    private string Journal => Path.Combine(Folder, "crm.journal");

    private string Report => Path.Combine(Folder, "report.html");

    [SkippableFact]
    public async Task Report_of_a_killed_run_tells_what_its_journal_tells()
    {
        Skip.If(OperatingSystem.IsWindows(), "There is no SIGKILL.");
        Skip.If(Browser.Program is null, "There is no Chromium on PATH.");
        var file = File("crm.csv", "thirdPartyId,tier\n" + string.Concat(Enumerable.Range(1, Rows).Select(i => i % 11 == 0 ? $"bad+{i},x\n" : i % 50 == 0 ? $",{i}\n" : $"U{i},gold\n")));
        string[] command = ["send", file, "--journal-path", Journal, "--rejected-path", Path.Combine(Folder, "rejected.csv"), "--max-batch-rows", $"{RowsOfABatch}", .. Patient];
        await KillAfterAsync(requests: 30, command);
        await KillAfterAsync(requests: 30, command);
        while ((await CommandLine.RunAsync(command)).ExitCode == 3)
        {
            // A fault that outlasts the tries ends the command, and the same one goes on.
        }

        Assert.Equal(0, (await CommandLine.RunAsync([.. command, "--wait"])).ExitCode);
        await CommandLine.RunAsync(["compare", file, "--sample-size", "20", "--journal-path", Journal, "--timeout-sec", "0", .. Connection]);

        var written = await CommandLine.RunAsync("report", Journal, "--path", Report);
        Assert.Equal((0, Report), (written.ExitCode, written.Output.TrimEnd()));
        Assert.DoesNotContain("U1,", await System.IO.File.ReadAllTextAsync(Report), StringComparison.Ordinal);

        await using var browser = await OpenAsync();
        var records = Records();
        await HoldsAsync(browser, records);
        await LooksSoundAsync(browser);
        Assert.Equal(Sum(records, "cover", "rejected"), Sum(await RulesAsync(browser)));
        Assert.Equal(
            records.Where(record => Type(record) == "cover" && record.TryGetProperty("rules", out _)).SelectMany(record => record.GetProperty("rules").EnumerateObject())
                .GroupBy(rule => rule.Name, rule => rule.Value.GetInt64()).ToDictionary(rule => rule.Key, rule => rule.Sum()),
            await RulesAsync(browser));
        Assert.Equal(2, await CellAsync(browser, "Retries and faults", "Interrupted"));
        Assert.Equal(records.Count(record => Type(record) == "unknown"), await CellAsync(browser, "Retries and faults", "Unknown"));
        Assert.Equal(records.Count(record => Type(record) == "run"), await CellAsync(browser, "Retries and faults", "Commands"));
        Assert.Equal(records.Count(record => Type(record) == "status"), await NumberAsync(browser, "[...document.querySelectorAll('[aria-label=\"Batches\"] tbody tr')].filter(row => row.cells[2].textContent === 'complete').length"));
        var compared = records.Single(record => Type(record) == "compared");
        Assert.Equal(compared.GetProperty("match").GetInt64(), await NumberAsync(browser, "Number(document.querySelector('[aria-label=\"Comparisons\"] tbody td:nth-child(3)').textContent)"));
    }

    [SkippableFact]
    public async Task Report_of_a_clean_run_shows_names_as_text_and_has_nothing_to_complain_of()
    {
        Skip.If(Browser.Program is null, "There is no Chromium on PATH.");
        Skip.If(OperatingSystem.IsWindows(), "Windows has no such file names.");
        const string Name = "<img src=x onerror=document.title='broken'>&amp;.csv";
        var file = File(Name, "thirdPartyId,tier\n" + string.Concat(Enumerable.Range(1, 100).Select(i => $"U{i},gold\n")));
        Assert.Equal(0, (await SendAsync(file, "--journal-path", Journal, "--max-batch-rows", "10")).ExitCode);
        Assert.Equal(0, (await CommandLine.RunAsync("report", Journal, "--path", Report)).ExitCode);

        await using var browser = await OpenAsync();

        await HoldsAsync(browser, Records());
        await LooksSoundAsync(browser);
        Assert.Equal(Name, await browser.TextAsync("document.querySelector('header strong').textContent"));
        Assert.Equal(Name, await browser.TextAsync("document.querySelector('[aria-label=\"Sources\"] tbody th').textContent"));
        Assert.Equal("Complete: everything was accepted", await browser.TextAsync("document.querySelector('.headline').textContent"));
        Assert.Equal(0, await NumberAsync(browser, "document.querySelectorAll('#rejects, img, script').length"));
    }

    [Fact]
    public async Task Report_is_its_owners_alone_and_replaces_nothing_unless_told()
    {
        var file = File("crm.csv", "thirdPartyId,tier\nU1,gold\n");
        Assert.Equal(0, (await SendAsync(file, "--journal-path", Journal)).ExitCode);
        System.IO.File.WriteAllText(Report, "mine");

        var refused = await CommandLine.RunAsync("report", Journal, "--path", Report);
        Assert.Equal((2, "mine"), (refused.ExitCode, System.IO.File.ReadAllText(Report)));
        Assert.Contains("--force", refused.Error, StringComparison.Ordinal);

        Assert.Equal(0, (await CommandLine.RunAsync("report", Journal, "--path", Report, "--force")).ExitCode);
        Assert.StartsWith("<!DOCTYPE html", System.IO.File.ReadAllText(Report), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(Report));
        Assert.Equal(["crm.csv", "crm.journal", "report.html"], Directory.GetFiles(Folder).Select(Path.GetFileName).Order());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Report_never_replaces_a_journal_whatever_its_name(bool isLink)
    {
        var file = File("crm.csv", "thirdPartyId,tier\nU1,gold\n");
        Assert.Equal(0, (await SendAsync(file, "--journal-path", Journal)).ExitCode);
        if (isLink)
            System.IO.File.CreateSymbolicLink(Report, Journal);
        else
            System.IO.File.Copy(Journal, Report);

        var result = await CommandLine.RunAsync("report", Journal, "--path", Report, "--force");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("would replace the journal", result.Error, StringComparison.Ordinal);
        Assert.Equal(System.IO.File.ReadAllText(Journal), System.IO.File.ReadAllText(Report));
    }

    [Theory]
    [InlineData("crm.journal", "crm.journal", "would replace the journal")]
    [InlineData("crm.journal", "missing/report.html", "no such folder")]
    [InlineData("crm.journal", ".", "is a folder")]
    [InlineData("missing.journal", "report.html", "no file")]
    [InlineData("crm.csv", "report.html", "no journal")]
    [InlineData("empty.journal", "report.html", "no run has begun")]
    public async Task What_cannot_be_reported_is_usage_and_leaves_nothing_behind(string journal, string path, string says)
    {
        var file = File("crm.csv", "thirdPartyId,tier\nU1,gold\n");
        File("empty.journal", "");
        Assert.Equal(0, (await SendAsync(file, "--journal-path", Journal)).ExitCode);
        var before = System.IO.File.ReadAllText(Journal);

        var result = await CommandLine.RunAsync("report", Path.Combine(Folder, journal), "--path", Path.Combine(Folder, path), "--force");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(says, result.Error, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(before, System.IO.File.ReadAllText(Journal));
        Assert.Equal(["crm.csv", "crm.journal", "empty.journal"], Directory.GetFiles(Folder).Select(Path.GetFileName).Order());
    }

    private void AddFaults()
    {
        foreach (var (kind, status) in new[] { (FaultKind.ServerError, 503), (FaultKind.ServerError, 500), (FaultKind.ApplyAndClose, 0) })
            Emulator.Faults.Add(new WireFault { Kind = kind, On = FaultTarget.Submit, Times = 0, Probability = 0.02, StatusCode = status, RetryAfter = "0" });
    }

    /// <summary>Runs the command until so many requests were answered and the next ones hang, and kills it then.</summary>
    private async Task KillAfterAsync(int requests, string[] arguments)
    {
        Emulator.Faults.Clear();
        Emulator.Faults.Add(new WireFault { Kind = FaultKind.DelayedReply, On = FaultTarget.Submit, Delay = TimeSpan.FromHours(1), SkipFirst = requests, Times = 0 });
        AddFaults();
        var hanging = Emulator.Requests.Count + requests;
        while (true)
        {
            using var command = CommandLine.Start(arguments);
            var end = command.EndAsync();
            await WaitUntilAsync(() => end.IsCompleted || Emulator.Requests.Count > hanging);
            // A fault that outlasts the tries ends the command, and the same one goes on.
            if (end.IsCompleted)
                continue;
            command.Signal("KILL");
            await end;
            break;
        }

        Emulator.Faults.Clear();
        AddFaults();
    }

    private async Task<Browser> OpenAsync()
    {
        var browser = await Browser.StartAsync();
        await browser.OpenAsync(new Uri(Report).AbsoluteUri);
        return browser;
    }

    /// <summary>The accounting and the batches of the page are the journal's.</summary>
    private static async Task HoldsAsync(Browser browser, List<JsonElement> records)
    {
        foreach (var (term, member) in new[] { ("Read", "read"), ("Rejected", "rejected"), ("Empty", "empty"), ("Merged", "merged") })
            Assert.Equal(Sum(records, "cover", member), await TermAsync(browser, term));
        Assert.Equal(Sum(records, "accepted", "rows"), await TermAsync(browser, "Accepted"));
        Assert.Equal(await TermAsync(browser, "Accepted"), await CellAsync(browser, "Rows by what became of them", "Accepted"));
        var batches = records.Where(record => Type(record) == "cover" && record.GetProperty("batch").GetInt32() > 0).ToList();
        Assert.Equal(batches.Count, await NumberAsync(browser, "document.querySelectorAll('[aria-label=\"Batches\"] tbody tr').length"));
        Assert.Equal(
            records.Where(record => Type(record) == "accepted").Select(record => record.GetProperty("batchId").GetString()).Order(),
            (await browser.EvaluateAsync("[...document.querySelectorAll('[aria-label=\"Batches\"] .id')].map(id => id.textContent)")).EnumerateArray().Select(id => id.GetString()).Order());
        // A mark for each outcome, told or drawn.
        var outcomes = records.Count(record => Type(record) is "accepted" or "refused" or "unknown" or "notsent");
        Assert.Equal(outcomes, await NumberAsync(browser, "document.querySelectorAll('#batch-chart-title')[0].parentElement.querySelectorAll('circle, rect, polygon').length"));
    }

    /// <summary>Nothing complained, nothing was fetched, the pictures show something, and the text can be read, light and dark.</summary>
    private async Task LooksSoundAsync(Browser browser)
    {
        Assert.Empty(browser.Errors);
        Assert.All(browser.Requests.Where(address => address != "about:blank"), address => Assert.Equal(new Uri(Report).AbsoluteUri, address));
        Assert.True(await NumberAsync(browser, "document.querySelectorAll('svg[role=img]').length") >= 3);
        Assert.Equal("", await browser.TextAsync("""
            [...document.querySelectorAll('svg[role=img]')].filter(picture => {
              const shapes = [...picture.querySelectorAll('circle, polygon, rect')].map(shape => shape.getBoundingClientRect());
              return !picture.querySelector('title').textContent || shapes.length === 0 || shapes.some(box => box.width * box.height === 0) || picture.getBoundingClientRect().height < 5;
            }).map(picture => picture.outerHTML).join()
            """));
        Assert.Equal("0", await browser.TextAsync("[...document.querySelectorAll('section')].filter(section => !document.getElementById(section.getAttribute('aria-labelledby'))).length"));
        Assert.Equal("0", await browser.TextAsync("[...document.querySelectorAll('th')].filter(header => !header.scope).length"));
        Assert.Equal("0", await browser.TextAsync("[...document.querySelectorAll('[id]')].map(element => element.id).filter((id, at, all) => all.indexOf(id) !== at).length"));
        foreach (var scheme in new[] { "light", "dark" })
        {
            await browser.PreferAsync(scheme);
            Assert.Equal("", await browser.TextAsync(Contrast.TooLow));
        }
    }

    private List<JsonElement> Records() => System.IO.File.ReadLines(Journal).Select(line => JsonDocument.Parse(line).RootElement).ToList();

    private static string Type(JsonElement record) => record.GetProperty("type").GetString()!;

    private static long Sum(IEnumerable<JsonElement> records, string type, string member) => records.Where(record => Type(record) == type).Sum(record => record.GetProperty(member).GetInt64());

    private static long Sum(Dictionary<string, long> counts) => counts.Values.Sum();

    private static async Task<long> NumberAsync(Browser browser, string script) => (await browser.EvaluateAsync(script)).GetInt64();

    private static async Task<long> TermAsync(Browser browser, string name) =>
        Parsed(await browser.TextAsync($"[...document.querySelectorAll('.term')].find(term => term.querySelector('span').textContent === '{name}').querySelector('strong').textContent"));

    private static async Task<long> CellAsync(Browser browser, string table, string row) =>
        Parsed(await browser.TextAsync($"[...document.querySelectorAll('[aria-label=\"{table}\"] tbody tr')].find(row => row.cells[0].textContent === '{row}').cells[1].textContent"));

    private static async Task<Dictionary<string, long>> RulesAsync(Browser browser) =>
        (await browser.EvaluateAsync("[...document.querySelectorAll('[aria-label=\"Rejected rows by rule\"] tbody tr')].map(row => [row.cells[0].textContent, row.cells[1].textContent])"))
        .EnumerateArray().ToDictionary(rule => rule[0].GetString()!, rule => Parsed(rule[1].GetString()));

    private static long Parsed(string? number) => long.Parse(number!, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
}
