using TargetProfiles.Sending;

namespace TargetProfiles.Cli.Commands;

/// <summary>What an exception tells the user: one line, with the remedy.</summary>
internal static class Failures
{
    private const string ParameterSuffix = " (Parameter '";

    public static string Text(Exception exception) => Names.Respelled(exception switch
    {
        TargetServiceException service => $"{service.Message} {service.RecommendedAction}",
        ArgumentException argument => WithoutParameter(argument.Message),
        _ when IsExpected(exception) || exception is InvalidOperationException => exception.Message,
        _ => $"This is a defect, please report it: {exception.GetType().Name}: {exception.Message}",
    });

    /// <summary>The same for what stopped a run that can be started again.</summary>
    public static string TextOfStopped(Exception exception, bool hasJournal)
    {
        var text = Text(exception);
        return StoppedRun.WhatNext(exception, text, hasJournal) is string next ? $"{text} {Names.Respelled(next)}" : text;
    }

    /// <summary>A source that is mostly wrong will not get better by running again; the rest may.</summary>
    public static int ExitCodeOfStopped(Exception exception) => exception switch
    {
        InvalidDataException => ExitCode.NotAllAccepted,
        TargetServiceException service when IsSetting(service) => ExitCode.Usage,
        JournalException => ExitCodeOf(exception),
        _ => ExitCode.StoppedEarly,
    };

    public static int ExitCodeOf(Exception exception) => exception switch
    {
        OperationCanceledException => ExitCode.Interrupted,
        TargetServiceException service => IsSetting(service) ? ExitCode.Usage : ExitCode.StoppedEarly,
        JournalException { Fault: JournalFault.Unwritable } => ExitCode.StoppedEarly,
        _ when IsExpected(exception) => ExitCode.Usage,
        _ => ExitCode.NotAllAccepted,
    };

    /// <summary>True for what a file or a setting can cause.</summary>
    public static bool IsExpected(Exception exception) =>
        exception is JournalException or CsvFormatException or InvalidDataException or IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException;

    /// <summary>True for what only another setting can mend: the token, the client code, the address, the trust.</summary>
    private static bool IsSetting(TargetServiceException service) => service.EndsEveryCall || service.Kind == ServiceFailureKind.UnsafeAddress;

    private static string WithoutParameter(string message)
    {
        var end = message.LastIndexOf(ParameterSuffix, StringComparison.Ordinal);
        return end < 0 ? message : message[..end];
    }
}
