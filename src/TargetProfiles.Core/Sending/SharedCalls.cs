using System.Text;

namespace TargetProfiles.Sending;

/// <summary>
/// The calls that all processes of this user made to one account, in a small locked file: the minute's calls are the
/// account's, not a process's. Holds times alone, counted from the machine's start, so that a clock set back changes nothing.
/// </summary>
internal sealed class SharedCalls(string path)
{
    private const int MostCalls = 1000;
    private const long Marker = 0x31_4C4C_4143_4754; // "TGCALL1"

    private static readonly TimeSpan LongestShut = TimeSpan.FromMinutes(15);

    /// <summary>Where the file stands.</summary>
    public string Path { get; } = path;

    /// <summary>The file of an account, or null where there is no place for one.</summary>
    public static SharedCalls? For(string account, bool isLoopback) =>
        AccountFile.PathOf("calls", account, isLoopback) is { } path ? new SharedCalls(path) : null;

    /// <summary>Opens the file for one look and one change; others wait meanwhile.</summary>
    /// <exception cref="IOException">Another process has it, or it cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be opened.</exception>
    public FileStream Open() => AccountFile.Open(Path);

    /// <summary>Reads what the file holds; what is damaged, or from before the machine's last start, counts as nothing.</summary>
    public static void Load(FileStream file, TimeSpan now, Queue<TimeSpan> calls, out TimeSpan shutUntil)
    {
        calls.Clear();
        shutUntil = TimeSpan.Zero;
        if (file.Length < 20 || file.Length > 20 + (MostCalls * 8))
            return;
        using var reader = new BinaryReader(file, Encoding.ASCII, leaveOpen: true);
        if (reader.ReadInt64() != Marker)
            return;
        var shut = TimeSpan.FromTicks(reader.ReadInt64());
        var count = reader.ReadInt32();
        if (count < 0 || file.Length != 20 + ((long)count * 8))
            return;
        for (var i = 0; i < count; i++)
        {
            var call = TimeSpan.FromTicks(reader.ReadInt64());
            if (call <= now)
                calls.Enqueue(call);
        }

        if (shut <= now + LongestShut)
            shutUntil = shut;
    }

    /// <summary>Writes the file anew.</summary>
    public static void Save(FileStream file, Queue<TimeSpan> calls, TimeSpan shutUntil)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        var kept = calls.Skip(Math.Max(0, calls.Count - MostCalls)).ToList();
        writer.Write(Marker);
        writer.Write(shutUntil.Ticks);
        writer.Write(kept.Count);
        foreach (var call in kept)
            writer.Write(call.Ticks);
        file.Position = 0;
        file.Write(bytes.GetBuffer(), 0, (int)bytes.Length);
        file.SetLength(bytes.Length);
        file.Flush();
    }
}
