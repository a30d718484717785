using TargetProfiles.Profiles;

namespace TargetProfiles;

/// <summary>What is wrong with a row: where and by which rule. Never holds data of the row.</summary>
public sealed class TargetRowFinding
{
    internal TargetRowFinding(string? source, long row, long? line, string? column, RowRule rule)
        : this(source, row, line, column, rule, rule.Requirement)
    {
    }

    internal TargetRowFinding(string? source, long row, long? line, string? column, RowRule rule, string message)
        : this(source, row, line, column, rule, message, rule.Severity)
    {
    }

    internal TargetRowFinding(string? source, long row, long? line, string? column, RowRule rule, string message, RuleSeverity severity)
    {
        Source = source;
        Row = row;
        Line = line;
        Column = column;
        Severity = severity;
        Rule = rule.Id;
        Message = message;
    }

    /// <summary>File name, or null for rows from the pipeline.</summary>
    public string? Source { get; }

    /// <summary>Number of the row in its source, from 1, the header not counted; 0 if the file as a whole is meant.</summary>
    public long Row { get; }

    /// <summary>Line of the file on which the row starts, from 1; null for rows from the pipeline.</summary>
    public long? Line { get; }

    /// <summary>Column or property name, or null when the row as a whole is meant.</summary>
    public string? Column { get; }

    /// <summary>Error: the row is not sent. Warning: it is.</summary>
    public RuleSeverity Severity { get; }

    /// <summary>Stable id of the rule, such as <c>id.missing</c>.</summary>
    public string Rule { get; }

    /// <summary>What is wrong and what to do next.</summary>
    public string Message { get; }

    /// <inheritdoc/>
    public override string ToString()
    {
        var where = Source is null ? $"Row {Row}" : Row == 0 ? $"{Source}, line {Line}" : $"{Source}, row {Row} (line {Line})";
        return Column is null ? $"{where}: {Message} [{Rule}]" : $"{where}, column '{Column}': {Message} [{Rule}]";
    }
}
