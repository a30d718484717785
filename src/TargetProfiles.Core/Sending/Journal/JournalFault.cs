namespace TargetProfiles;

/// <summary>Why a journal cannot be used.</summary>
public enum JournalFault
{
    /// <summary>Another run has it open.</summary>
    InUse,

    /// <summary>It was changed or damaged somewhere before its end, or is no journal.</summary>
    Damaged,

    /// <summary>It was begun with other settings.</summary>
    OtherSettings,

    /// <summary>It was begun with another source, or the source has changed since.</summary>
    OtherSource,

    /// <summary>Rows are wanted again of a source that is no file, or of which the journal does not say where it stands.</summary>
    NoSourceFile,

    /// <summary>It cannot be written: the disk is full, or it may not be written.</summary>
    Unwritable,
}
