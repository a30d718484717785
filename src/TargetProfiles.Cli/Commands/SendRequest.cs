using TargetProfiles.Emulator;

namespace TargetProfiles.Cli.Commands;

/// <summary>What a send command line asks for, checked.</summary>
internal sealed class SendRequest
{
    public required IReadOnlyList<string> Files { get; init; }

    public required IReadOnlyList<string> BatchFiles { get; init; }

    public required SendOptions Options { get; init; }

    /// <summary>Where to send; null if only planned, and no client code is known.</summary>
    public TargetConnection? Connection { get; init; }

    /// <summary>The embedded emulator, if it is sent there.</summary>
    public TargetEmulator? Emulator { get; init; }

    /// <summary>Where to write the rows of batches that did not get through; null if nowhere.</summary>
    public string? FailedPath { get; init; }

    /// <summary>How to wait for completion; null if not.</summary>
    public BatchStatusOptions? Waiting { get; init; }
}
