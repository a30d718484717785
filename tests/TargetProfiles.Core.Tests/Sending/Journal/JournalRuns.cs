using System.Text;

namespace TargetProfiles.Core.Tests;

/// <summary>Commands that share a journal: each is a run of its own, as after a restart of the process.</summary>
internal sealed class JournalRuns : IDisposable
{
    public Wire Wire { get; } = new(new Emulator.EmulatorOptions { RequestLogCapacity = 100_000 });

    public string Folder { get; } = Directory.CreateTempSubdirectory("journal").FullName;

    public string Journal => Path.Combine(Folder, "run.journal");

    public string Rejected => Path.Combine(Folder, "rejected.csv");

    /// <summary>Bodies that the service got, in order.</summary>
    public List<string> Bodies => [.. Wire.Submits.Select(request => request.BodySha256!)];

    public IEnumerable<string> StoredIds
    {
        get
        {
            Wire.Emulator.ProcessNow();
            return Wire.Emulator.Profiles.Select(profile => profile.ThirdPartyId!).Order(StringComparer.Ordinal);
        }
    }

    public string Write(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllText(path, text, new UTF8Encoding(false));
        return path;
    }

    public SendOptions Options(int batchRows = 10, bool restart = false, bool resend = false, bool rejects = false, RowMapping? mapping = null, int throttle = 1, DuplicateIdAction? duplicates = null) => new()
    {
        Limits = new BatchLimits(rows: batchRows),
        JournalPath = Journal,
        Restart = restart,
        Resend = resend,
        RejectedPath = rejects ? Rejected : null,
        Mapping = mapping ?? new RowMapping(),
        ThrottleLimit = throttle,
        DuplicateIdAction = duplicates,
    };

    /// <summary>A whole command over files.</summary>
    public Run Send(SendOptions? options = null, params string[] files)
    {
        var run = new Run(Wire, options ?? Options());
        run.Send.AddFiles(files);
        run.Send.Complete(sourceEnded: true);
        return run;
    }

    /// <summary>
    /// A command that ends by force after so many batches were told: nothing is written any more. A body on its way may still
    /// reach the service later, so how many it got does not tell what the next command sends.
    /// </summary>
    public void SendUntil(int batches, SendOptions options, params string[] files)
    {
        var told = 0;
        using var run = new Run(Wire, options, onMessage: message =>
        {
            if (message is Sending.RunMessage.BatchDone && ++told == batches)
                throw new Killed();
        });
        Assert.Throws<Killed>(() =>
        {
            run.Send.AddFiles(files);
            run.Send.Complete(sourceEnded: true);
        });
    }

    public void Dispose()
    {
        Wire.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private sealed class Killed : Exception;
}
