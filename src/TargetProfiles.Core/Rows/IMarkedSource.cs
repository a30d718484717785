namespace TargetProfiles.Rows;

/// <summary>A source that can tell where a batch ends in it.</summary>
internal interface IMarkedSource
{
    /// <summary>Marks the place before the row that was read last.</summary>
    SourceMark MarkBeforeRow();

    /// <summary>Marks the place after everything that was read.</summary>
    SourceMark MarkEnd();
}
