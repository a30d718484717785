using TargetProfiles.Tests;

namespace TargetProfiles.Emulator.Tests;

/// <summary>The live page in a real browser.</summary>
public sealed class LivePageBrowserTests : IDisposable
{
    private const string Script = "<script>document.title='broken'";
    private const string Markup = "<img src=x onerror=\"document.title='broken'\">";

    private readonly Service _service = new();

    public void Dispose() => _service.Dispose();

    [SkippableFact]
    public async Task The_page_shows_what_is_sent_and_turns_switches()
    {
        Skip.If(Browser.Program is null, "There is no Chromium on PATH.");
        await using Browser browser = await Browser.StartAsync();
        await browser.OpenAsync(_service.Emulator.Endpoint.AbsoluteUri);
        await browser.UntilAsync("document.getElementById('link').textContent === 'Live'");

        // A batch that is sent while the page is open.
        await _service.SubmitAsync($"batch=thirdPartyId,tier\nU1,gold\n{Uri.EscapeDataString(Script)},{Uri.EscapeDataString(Markup)}");
        string id = Assert.Single(_service.Emulator.Batches).BatchId;
        await browser.UntilAsync($"[...document.querySelectorAll('#batchRows tr')].some(row => row.dataset.key === '{id}' && row.textContent.includes('complete'))");
        await browser.UntilAsync("document.getElementById('profileCount').textContent === '2'");
        Assert.Equal("2 updated, 0 not found, 0 failed, of 2 rows", await browser.TextAsync("document.querySelector('#batchRows svg').getAttribute('aria-label')"));

        // A profile by its id, and an id and a value that are markup.
        await FindAsync(browser, "U1");
        Assert.Equal("tier: gold", await browser.TextAsync("document.querySelector('#profileRows li').textContent"));
        await FindAsync(browser, Script);
        Assert.Equal(Script, await browser.TextAsync("document.querySelector('#profileRows th').textContent"));
        Assert.Equal($"tier: {Markup}", await browser.TextAsync("document.querySelector('#profileRows li').textContent"));
        Assert.Equal("0", await browser.TextAsync("document.querySelectorAll('#profileRows script, #profileRows img').length"));
        Assert.Equal("Target emulator", await browser.TextAsync("document.title"));

        // A switch holds at the next call.
        await SetAsync(browser, "Token", "'required'", "change");
        await browser.UntilAsync("document.getElementById('said').textContent === 'Token required: changed.'");
        using (HttpResponseMessage refused = await _service.PostBatchAsync("batch=thirdPartyId,a\nU1,1"))
        {
            Assert.Equal(System.Net.HttpStatusCode.Forbidden, refused.StatusCode);
        }

        await SetAsync(browser, "Token", "''", "change");
        await browser.UntilAsync("document.getElementById('switch-Token').placeholder === 'not required'");
        await browser.EvaluateAsync("document.getElementById('switch-ForceStuck').click()");
        await browser.UntilAsync("document.getElementById('said').textContent === 'Every batch gets stuck: changed.'");
        await _service.SubmitAsync("batch=thirdPartyId,a\nU9,1");
        await browser.UntilAsync("document.getElementById('stuck').textContent === '1'");

        Assert.Empty(browser.Errors);
        Assert.All(browser.Requests.Where(address => address != "about:blank"), address => Assert.StartsWith(_service.Emulator.Endpoint.AbsoluteUri, address, StringComparison.Ordinal));
    }

    [SkippableFact]
    public async Task The_page_can_be_used_by_keyboard_and_read_aloud()
    {
        Skip.If(Browser.Program is null, "There is no Chromium on PATH.");
        await using Browser browser = await Browser.StartAsync();
        await browser.OpenAsync(_service.Emulator.Endpoint.AbsoluteUri);
        await browser.UntilAsync("document.querySelectorAll('.switch').length > 0");

        Assert.Equal("0", await browser.TextAsync("[...document.querySelectorAll('input, select')].filter(control => control.labels.length !== 1).length"));
        Assert.Equal("0", await browser.TextAsync("[...document.querySelectorAll('thead th')].filter(header => header.scope !== 'col').length"));
        Assert.Equal("0", await browser.TextAsync("[...document.querySelectorAll('.scroll')].filter(region => region.tabIndex !== 0 || !document.getElementById(region.getAttribute('aria-labelledby'))).length"));
        Assert.Equal("H1 H2 H2 H2 H2 H3", await browser.TextAsync("[...document.querySelectorAll('h1, h2, h3')].map(heading => heading.tagName).join(' ')"));
        Assert.Equal("1 1 1 1", await browser.TextAsync("['header', 'main', 'aside', 'footer'].map(name => document.querySelectorAll(name).length).join(' ')"));
        foreach (string scheme in new[] { "light", "dark" })
        {
            await browser.PreferAsync(scheme);
            Assert.Equal("", await browser.TextAsync(Contrast.TooLow));
        }
    }

    private static async Task FindAsync(Browser browser, string id)
    {
        await browser.EvaluateAsync($"document.getElementById('find').value = {System.Text.Json.JsonSerializer.Serialize(id)}; document.getElementById('search').requestSubmit()");
        await browser.UntilAsync($"document.getElementById('found').textContent === {System.Text.Json.JsonSerializer.Serialize($"Found by {id}.")}");
    }

    private static async Task SetAsync(Browser browser, string name, string value, string raised) =>
        await browser.EvaluateAsync($"(() => {{ const control = document.getElementById('switch-{name}'); control.value = {value}; control.dispatchEvent(new Event('{raised}')); }})()");
}
