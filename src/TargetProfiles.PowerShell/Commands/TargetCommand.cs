using System.Management.Automation;
using TargetProfiles.PowerShell.Errors;

namespace TargetProfiles.PowerShell.Commands;

/// <summary>What all cmdlets share: Ctrl+C reaches every wait, and what a stopped pipeline leaves behind ends in Dispose.</summary>
public abstract class TargetCommand : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource _cancellation = new();
    private readonly List<ErrorRecord> _heldErrors = [];
    private bool _isDisposed;

    /// <summary>Cancelled by Ctrl+C, and when the pipeline ends.</summary>
    protected CancellationToken Cancellation => _cancellation.Token;

    /// <summary>True if -WhatIf was given or is preferred.</summary>
    protected bool IsWhatIf => MyInvocation.BoundParameters.TryGetValue("WhatIf", out var given)
        ? LanguagePrimitives.IsTrue(given)
        : LanguagePrimitives.IsTrue(GetVariableValue("WhatIfPreference"));

    /// <inheritdoc/>
    protected override void StopProcessing() => Cancel();

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        Cancel();
        Release();
        _cancellation.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends what the cmdlet started. A stopped pipeline never reaches EndProcessing.</summary>
    protected virtual void Release()
    {
    }

    /// <summary>The connection to use, or a terminating error that says how to get one.</summary>
    protected TargetConnection RequireConnection(TargetConnection? given)
    {
        var connection = given ?? ModuleState.Current;
        if (connection is null)
            ThrowTerminatingError(TargetErrors.NotConnected());
        return connection!;
    }

    /// <summary>Runs work of ours; what it throws becomes one terminating error with an id and a remedy.</summary>
    /// <param name="work">The work.</param>
    /// <param name="target">What the error is about.</param>
    /// <param name="settle">Brings to an end what earlier work began, before the error ends the command.</param>
    protected void Guarded(Action work, object? target = null, Action? settle = null)
    {
        if (work is null)
            throw new ArgumentNullException(nameof(work));
        try
        {
            work();
        }
        catch (OperationCanceledException)
        {
            throw new PipelineStoppedException();
        }
        catch (Exception e) when (IsOurs(e))
        {
            settle?.Invoke();
            ThrowTerminatingError(TargetErrors.FromException(e, target));
        }
    }

    /// <summary>
    /// Writes an error. Where errors stop the script, the first one would end the command with batches under way, whose
    /// outcomes would be lost; there, errors wait for <see cref="WriteHeldErrors"/>.
    /// </summary>
    private protected void WriteOrHold(ErrorRecord error)
    {
        var preference = MyInvocation.BoundParameters.TryGetValue("ErrorAction", out var given) ? given : GetVariableValue("ErrorActionPreference");
        if (LanguagePrimitives.TryConvertTo<ActionPreference>(preference, out var action) && action == ActionPreference.Stop)
            _heldErrors.Add(error);
        else
            WriteError(error);
    }

    /// <summary>Writes the errors that waited; the first one stops the script.</summary>
    private protected void WriteHeldErrors()
    {
        foreach (var error in _heldErrors)
            WriteError(error);
    }

    /// <summary>Writes what came of one call: an error of this call alone, or one that ends the command since every further call would fail so.</summary>
    private protected void WriteFailure(Exception failure, object? target)
    {
        var error = TargetErrors.FromException(failure, target);
        if (failure is TargetServiceException { EndsEveryCall: true })
            ThrowTerminatingError(error);
        WriteError(error);
    }

    /// <summary>False for what PowerShell itself throws through us: it must pass untouched.</summary>
    private protected static bool IsOurs(Exception exception) =>
        exception is not (FlowControlException or IContainsErrorRecord or OperationCanceledException);

    private void Cancel()
    {
        try
        {
            _cancellation.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // Ctrl+C after the end.
        }
    }
}
