namespace TargetProfiles.Cli.Output;

/// <summary>Gets a comparison's rows as they become known, and what it came to at the end. Keeps no more rows than people read.</summary>
internal abstract class CompareOutput : IDisposable
{
    public static CompareOutput For(bool isJson) => isJson ? new CompareDocument() : new CompareTable();

    /// <summary>Takes a row to be listed.</summary>
    /// <returns>False if there are too many.</returns>
    public abstract bool TryAdd(TargetProfileComparison compared);

    /// <summary>Tells the end.</summary>
    public abstract void Write(CompareReport report);

    public abstract void Dispose();
}
