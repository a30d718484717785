using System.CommandLine;
using System.Globalization;
using System.Net;
using TargetProfiles.Emulator;

namespace TargetProfiles.Cli.Commands;

/// <summary>The options that say where the service is and how to call it.</summary>
internal sealed class ConnectionSwitches
{
    private const int LongestSecretFile = 8192;
    private const int SecondsOfADay = 86_400;

    private static readonly TargetConnectionOptions Defaults = new();

    private readonly Option<string?> _clientCode = Text("--client-code", "CODE", $"The account's client code; else {TargetConnectionOptions.ClientCodeVariable} is used.");
    private readonly Option<string?> _endpoint = Text("--endpoint", "HOST", $"Address of the service; else {TargetConnectionOptions.EndpointVariable}, else https://CODE.tt.omtrdc.net.");
    private readonly Option<string?> _tokenFile = Text("--token-file", "FILE", $"File that holds the profile authentication token; else {TargetConnectionOptions.TokenVariable} is used.");
    private readonly Option<string?> _tokenExpiresAt = Text("--token-expires-at", "TIME", $"When the token expires, such as 2027-01-31T12:00:00Z; warns in the last seven days. Else {TargetConnectionOptions.TokenExpiresAtVariable} is used.");
    private readonly Option<int> _maximumRetryCount = Number("--maximum-retry-count", "Times a call is repeated after the first try.", Defaults.MaximumRetryCount);
    private readonly Option<int> _callsPerMinute = Number("--calls-per-minute", "Bulk and status calls a minute at most; 0 means no limit. Target allows the whole account 50.", Defaults.CallsPerMinute);
    private readonly Option<int> _connectionTimeout = Number("--connection-timeout-sec", "Seconds to establish a connection.", (int)Defaults.ConnectionTimeout.TotalSeconds);
    private readonly Option<int> _operationTimeout = Number("--operation-timeout-sec", "Seconds without any progress, after which a call is given up.", (int)Defaults.OperationTimeout.TotalSeconds);
    private readonly Option<string?> _proxy = Text("--proxy", "URL", "Proxy to use; else the system's.");
    private readonly Option<string?> _proxyCredentialFile = Text("--proxy-credential-file", "FILE", "File that holds USER:PASSWORD for the proxy.");
    private readonly Option<bool> _noProxy = new("--no-proxy") { Description = "Connect directly, whatever the system says." };
    private readonly Option<bool> _proxyUseDefaultCredentials = new("--proxy-use-default-credentials") { Description = "Use the signed-in user's credentials for the proxy." };

    public ConnectionSwitches(Command command)
    {
        foreach (var seconds in new[] { _connectionTimeout, _operationTimeout })
            AcceptFrom(seconds, 1, SecondsOfADay);
        foreach (var option in (Option[])[_clientCode, _endpoint, _tokenFile, _tokenExpiresAt, _maximumRetryCount, _callsPerMinute, _connectionTimeout,
            _operationTimeout, _proxy, _proxyCredentialFile, _noProxy, _proxyUseDefaultCredentials])
        {
            command.Add(option);
        }
    }

    /// <summary>The client code as given, or null.</summary>
    public string? ClientCode(ParseResult parsed) => parsed.GetValue(_clientCode);

    /// <summary>True if a client code is known, here or from the environment.</summary>
    public bool HasClientCode(ParseResult parsed) =>
        ClientCode(parsed) is not null || !string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable(TargetConnectionOptions.ClientCodeVariable));

    public bool HasEndpoint(ParseResult parsed) => parsed.GetValue(_endpoint) is not null;

    /// <summary>True if the calls a minute are limited.</summary>
    public bool IsLimited(ParseResult parsed) => CallsPerMinute(parsed) > 0;

    public int CallsPerMinute(ParseResult parsed) => parsed.GetValue(_callsPerMinute);

    /// <exception cref="ArgumentException">An option cannot be used.</exception>
    public TargetConnectionOptions Read(ParseResult parsed, TargetEmulator? emulator = null) => new()
    {
        ClientCode = emulator?.ClientCode ?? parsed.GetValue(_clientCode),
        Endpoint = emulator?.Endpoint.GetLeftPart(UriPartial.Authority) ?? parsed.GetValue(_endpoint),
        Token = parsed.GetValue(_tokenFile) is string file ? TokenIn(file) : null,
        TokenExpiresAt = parsed.GetValue(_tokenExpiresAt) is string time ? TimeIn(time) : null,
        MaximumRetryCount = parsed.GetValue(_maximumRetryCount),
        CallsPerMinute = parsed.GetValue(_callsPerMinute),
        ConnectionTimeout = TimeSpan.FromSeconds(parsed.GetValue(_connectionTimeout)),
        OperationTimeout = TimeSpan.FromSeconds(parsed.GetValue(_operationTimeout)),
        Proxy = emulator is null && parsed.GetValue(_proxy) is string proxy ? new Uri(proxy, UriKind.RelativeOrAbsolute) : null,
        ProxyCredential = emulator is null && parsed.GetValue(_proxyCredentialFile) is string credentialFile ? CredentialIn(credentialFile) : null,
        NoProxy = parsed.GetValue(_noProxy) || emulator is not null,
        ProxyUseDefaultCredentials = emulator is null && parsed.GetValue(_proxyUseDefaultCredentials),
    };

    /// <summary>An option that takes text.</summary>
    public static Option<string?> Text(string name, string helpName, string description) => new(name) { Description = description, HelpName = helpName };

    /// <summary>An option that takes a whole number.</summary>
    public static Option<int> Number(string name, string description, int standard) => new(name)
    {
        Description = description,
        HelpName = "N",
        DefaultValueFactory = _ => standard,
        CustomParser = result =>
        {
            if (!int.TryParse(result.Tokens[0].Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
                result.AddError($"{name} takes a whole number; '{result.Tokens[0].Value}' is none.");
            return number;
        },
    };

    public static void AcceptFrom(Option<int> option, int lowest, int highest) => option.Validators.Add(result =>
    {
        if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && (value < lowest || value > highest))
            result.AddError($"{option.Name} must be {lowest} to {highest}.");
    });

    /// <exception cref="ArgumentException">The text is no time.</exception>
    private static DateTime TimeIn(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time.UtcDateTime
            : throw new ArgumentException($"--token-expires-at takes a time such as 2027-01-31T12:00:00Z; '{text}' is none.");

    /// <summary>Reads a user name and a password from a file, which a process list does not show.</summary>
    /// <exception cref="ArgumentException">The file is not there, or holds something else.</exception>
    private static NetworkCredential CredentialIn(string file)
    {
        if (!File.Exists(file))
            throw new ArgumentException($"There is no file '{file}' for --proxy-credential-file. Write USER:PASSWORD into it.");
        var parts = new FileInfo(file).Length <= LongestSecretFile ? File.ReadAllText(file).Trim().Split(':', 2) : [];
        return parts.Length == 2 && parts[0].Length > 0
            ? new NetworkCredential(parts[0], parts[1])
            : throw new ArgumentException($"'{file}' must hold USER:PASSWORD for the proxy and nothing else.");
    }

    /// <summary>Reads a token from a file, which a process list does not show.</summary>
    /// <exception cref="ArgumentException">The file is not there, or holds no token.</exception>
    public static string TokenIn(string file)
    {
        if (!File.Exists(file))
            throw new ArgumentException($"There is no token file '{file}'. Write the profile authentication token into it, or set {TargetConnectionOptions.TokenVariable}.");
        var token = new FileInfo(file).Length <= LongestSecretFile ? File.ReadAllText(file).Trim() : "";
        return token.Length > 0
            ? token
            : throw new ArgumentException($"'{file}' holds no token. It must hold the profile authentication token and nothing else.");
    }
}
