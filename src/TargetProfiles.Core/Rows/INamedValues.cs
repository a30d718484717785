namespace TargetProfiles.Rows;

/// <summary>Takes the named values of one row, in any order.</summary>
public interface INamedValues
{
    /// <summary>Adds a value. Null, DBNull and blanks count as empty.</summary>
    void Add(string name, object? value);

    /// <summary>Rejects the row because a value could not be read.</summary>
    void RejectUnreadable(string name);

    /// <summary>Rejects the row because it is a single value.</summary>
    void RejectSingleValue();
}
