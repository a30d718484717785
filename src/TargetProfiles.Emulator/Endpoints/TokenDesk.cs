namespace TargetProfiles.Emulator.Endpoints;

/// <summary>The account's one profile authentication token: which it is, since when, and who may pass.</summary>
internal sealed class TokenDesk(EmulatorOptions options, EmulatorClock clock)
{
    private readonly object _gate = new();
    private string? _current = options.Token;
    private DateTimeOffset _since = clock.UtcNow;

    /// <summary>The token that is valid now, and for how long; null if there is none.</summary>
    public (string Token, TimeSpan Left)? Current()
    {
        lock (_gate)
        {
            // The option may have been changed while running; that counts as a token made at this moment.
            if (options.Token is { } set && set != _current)
            {
                _current = set;
                _since = clock.UtcNow;
            }

            TimeSpan left = EmulatorClock.Later(_since, options.TokenLifetime) - clock.UtcNow;
            return _current is null || left <= TimeSpan.Zero ? null : (_current, left);
        }
    }

    /// <summary>Makes a new token; the one before is invalid at once [documented].</summary>
    public (string Token, TimeSpan Left) Make()
    {
        lock (_gate)
        {
            _current = Guid.NewGuid().ToString();
            _since = clock.UtcNow;
            if (options.Token is not null)
            {
                options.Token = _current;
            }

            return (_current, options.TokenLifetime);
        }
    }

    public bool Admits(Http.RequestHead head)
    {
        if (options.Token is null)
        {
            return true;
        }

        const string Scheme = "Bearer ";
        string? valid = Current()?.Token;
        string? given = head.Header("Authorization") is { } value && value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? value.Substring(Scheme.Length).Trim()
            : head.Header("access_token");
        return valid is not null && given == valid;
    }
}
