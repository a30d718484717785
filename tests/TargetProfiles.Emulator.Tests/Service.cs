using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;

namespace TargetProfiles.Emulator.Tests;

/// <summary>An emulator and a plain HttpClient that talks to it; knows nothing of the client under development.</summary>
public sealed class Service : IDisposable
{
    private readonly HttpClientHandler _handler = new() { AllowAutoRedirect = false, UseProxy = false };

    public Service(EmulatorOptions? options = null)
    {
        Emulator = TargetEmulator.Start(options);
        if (Emulator.Certificate is { } certificate)
        {
            _handler.ServerCertificateCustomValidationCallback = (_, shown, _, _) => shown!.Thumbprint == certificate.Thumbprint;
        }

        Client = new HttpClient(_handler) { BaseAddress = Emulator.Endpoint, Timeout = RawClient.Patience };
    }

    public TargetEmulator Emulator { get; }

    public EmulatorOptions Options => Emulator.Options;

    public HttpClient Client { get; }

    public async Task<HttpResponseMessage> PostBatchAsync(string body, int version = 2, string client = "acme") =>
        await Client.PostAsync(version == 2 ? $"/m2/{client}/v2/profile/batchUpdate" : $"/m2/{client}/profile/batchUpdate", Form(body));

    /// <summary>Posts, expects success, and gives the status URL.</summary>
    public async Task<string> SubmitAsync(string body, int version = 2)
    {
        using HttpResponseMessage reply = await PostBatchAsync(body, version);
        string xml = await reply.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        Assert.Equal("true", Text(xml, "success"));
        return Text(xml, "batchStatus")!;
    }

    /// <summary>Posts, and gives the reply's text, whatever it is.</summary>
    public async Task<string> SubmitRawAsync(string body)
    {
        using HttpResponseMessage reply = await PostBatchAsync(body);
        return await reply.Content.ReadAsStringAsync();
    }

    /// <summary>Posts, has it processed at once, and gives the detailed status.</summary>
    public async Task<string> ProcessAsync(string body, int version = 2)
    {
        string url = await SubmitAsync(body, version);
        Emulator.ProcessNow();
        return await GetAsync(url + "&showDetails=true");
    }

    public async Task<string> GetAsync(string url, string? accept = null)
    {
        using HttpResponseMessage reply = await SendAsync(url, accept);
        return await reply.Content.ReadAsStringAsync();
    }

    public async Task<HttpResponseMessage> SendAsync(string url, string? accept = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        if (accept is not null)
        {
            request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse(accept));
        }

        return await Client.SendAsync(request);
    }

    /// <summary>Expects the call to find no usable connection; depending on the moment of the reset HttpClient throws the one or the other.</summary>
    public static async Task FailsAsync(Func<Task> call)
    {
        Exception? failure = await Record.ExceptionAsync(call);
        Assert.True(failure is HttpRequestException or SocketException, $"There was {failure?.ToString() ?? "no failure"}");
    }

    public static ByteArrayContent Form(string body)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");
        return content;
    }

    /// <summary>The text of the first such element, found the plain way, since some of the replies are no XML.</summary>
    public static string? Text(string xml, string element)
    {
        int start = xml.IndexOf($"<{element}>", StringComparison.Ordinal);
        int end = xml.IndexOf($"</{element}>", StringComparison.Ordinal);
        return start < 0 || end < 0 ? null : xml[(start + element.Length + 2)..end];
    }

    public void Dispose()
    {
        Client.Dispose();
        _handler.Dispose();
        Emulator.Dispose();
    }
}
