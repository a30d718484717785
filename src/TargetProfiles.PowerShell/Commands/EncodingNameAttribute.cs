using System.Management.Automation;
using System.Text;
using TargetProfiles.Rows;

namespace TargetProfiles.PowerShell.Commands;

/// <summary>Takes an encoding by name or code page number.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class EncodingNameAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        var value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        if (value is null or Encoding)
            return value;
        try
        {
            return TextEncodings.Parse(Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)!);
        }
        catch (ArgumentException e)
        {
            throw new ArgumentTransformationMetadataException(e.Message, e);
        }
    }
}
