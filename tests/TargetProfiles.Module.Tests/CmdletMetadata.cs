using System.Collections.Immutable;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace TargetProfiles.Module.Tests;

/// <summary>The cmdlets of an assembly, read from its metadata: PowerShellStandard's stubs cannot be run.</summary>
internal sealed record CmdletMetadata(string ClassName, string Verb, string Noun, bool SupportsShouldProcess, string? DefaultParameterSet, string? HelpUri, int OutputTypes, IReadOnlyList<ParameterMetadata> Parameters)
{
    public string Name => $"{Verb}-{Noun}";

    public static IReadOnlyList<CmdletMetadata> Of(string assemblyPath)
    {
        using var file = File.OpenRead(assemblyPath);
        using var image = new PEReader(file);
        var reader = image.GetMetadataReader();
        return
        [
            .. from handle in reader.TypeDefinitions
               let type = reader.GetTypeDefinition(handle)
               from attribute in AttributesOf(reader, type.GetCustomAttributes())
               where attribute.Name == "CmdletAttribute"
               select Read(reader, type, attribute.Value),
        ];
    }

    private static CmdletMetadata Read(MetadataReader reader, TypeDefinition type, CustomAttributeValue<string> cmdlet)
    {
        var named = cmdlet.NamedArguments.ToDictionary(argument => argument.Name!, argument => argument.Value);
        var outputTypes = AttributesOf(reader, type.GetCustomAttributes()).Count(attribute => attribute.Name == "OutputTypeAttribute");
        return new CmdletMetadata(
            reader.GetString(type.Name),
            (string)cmdlet.FixedArguments[0].Value!,
            (string)cmdlet.FixedArguments[1].Value!,
            named.TryGetValue("SupportsShouldProcess", out var supports) && (bool)supports!,
            named.TryGetValue("DefaultParameterSetName", out var set) ? (string?)set : null,
            named.TryGetValue("HelpUri", out var helpUri) ? (string?)helpUri : null,
            outputTypes,
            [.. ParametersOf(reader, type)]);
    }

    private static IEnumerable<ParameterMetadata> ParametersOf(MetadataReader reader, TypeDefinition type)
    {
        foreach (var handle in type.GetProperties())
        {
            var property = reader.GetPropertyDefinition(handle);
            var attributes = AttributesOf(reader, property.GetCustomAttributes()).ToLookup(attribute => attribute.Name, attribute => attribute.Value);
            if (attributes.Contains("ParameterAttribute"))
            {
                yield return new ParameterMetadata(
                    reader.GetString(property.Name),
                    property.DecodeSignature(new NamesOnly(), null).ReturnType,
                    [.. attributes["AliasAttribute"].SelectMany(Texts)],
                    attributes.Contains("SupportsWildcardsAttribute"),
                    [.. attributes["ParameterAttribute"].Select(ParameterSet)]);
            }
        }

        if (type.BaseType.Kind != HandleKind.TypeDefinition)
            yield break;
        foreach (var inherited in ParametersOf(reader, reader.GetTypeDefinition((TypeDefinitionHandle)type.BaseType)))
            yield return inherited;
    }

    private static IEnumerable<string> Texts(CustomAttributeValue<string> attribute) =>
        ((ImmutableArray<CustomAttributeTypedArgument<string>>)attribute.FixedArguments[0].Value!).Select(text => (string)text.Value!);

    private static ParameterSetMetadata ParameterSet(CustomAttributeValue<string> attribute)
    {
        var named = attribute.NamedArguments.ToDictionary(argument => argument.Name!, argument => argument.Value);
        return new ParameterSetMetadata(
            named.TryGetValue("ParameterSetName", out var name) ? (string?)name : null,
            named.TryGetValue("Position", out var position) ? (int)position! : null,
            named.TryGetValue("Mandatory", out var mandatory) && (bool)mandatory!,
            named.TryGetValue("ValueFromPipeline", out var value) && (bool)value!,
            named.TryGetValue("ValueFromPipelineByPropertyName", out var byName) && (bool)byName!,
            named.TryGetValue("ValueFromRemainingArguments", out var remaining) && (bool)remaining!);
    }

    private static IEnumerable<(string Name, CustomAttributeValue<string> Value)> AttributesOf(MetadataReader reader, CustomAttributeHandleCollection handles)
    {
        foreach (var handle in handles)
        {
            var attribute = reader.GetCustomAttribute(handle);
            var name = NameOf(reader, attribute.Constructor);
            if (name is "CmdletAttribute" or "OutputTypeAttribute" or "ParameterAttribute" or "AliasAttribute" or "SupportsWildcardsAttribute")
                yield return (name, attribute.DecodeValue(new NamesOnly()));
        }
    }

    private static string? NameOf(MetadataReader reader, EntityHandle constructor) => constructor.Kind switch
    {
        HandleKind.MemberReference when reader.GetMemberReference((MemberReferenceHandle)constructor).Parent is { Kind: HandleKind.TypeReference } parent =>
            reader.GetString(reader.GetTypeReference((TypeReferenceHandle)parent).Name),
        _ => null,
    };

    /// <summary>Types by name: nothing is loaded.</summary>
    private sealed class NamesOnly : ICustomAttributeTypeProvider<string>, ISignatureTypeProvider<string, object?>
    {
        public string GetPrimitiveType(PrimitiveTypeCode typeCode) => $"System.{typeCode}";

        public string GetGenericInstantiation(string genericType, ImmutableArray<string> typeArguments) => $"{genericType}[{string.Join(',', typeArguments)}]";

        public string GetSystemType() => "System.Type";

        public string GetSZArrayType(string elementType) => elementType + "[]";

        public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) => reader.GetString(reader.GetTypeDefinition(handle).Name);

        public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind)
        {
            var type = reader.GetTypeReference(handle);
            return $"{reader.GetString(type.Namespace)}.{reader.GetString(type.Name)}";
        }

        public string GetTypeFromSerializedName(string name) => name;

        public PrimitiveTypeCode GetUnderlyingEnumType(string type) => PrimitiveTypeCode.Int32;

        public bool IsSystemType(string type) => type == "System.Type";

        public string GetArrayType(string elementType, ArrayShape shape) => throw Unexpected();

        public string GetByReferenceType(string elementType) => throw Unexpected();

        public string GetFunctionPointerType(MethodSignature<string> signature) => throw Unexpected();

        public string GetGenericMethodParameter(object? genericContext, int index) => throw Unexpected();

        public string GetGenericTypeParameter(object? genericContext, int index) => throw Unexpected();

        public string GetModifiedType(string modifier, string unmodifiedType, bool isRequired) => unmodifiedType;

        public string GetPinnedType(string elementType) => throw Unexpected();

        public string GetPointerType(string elementType) => throw Unexpected();

        public string GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) => throw Unexpected();

        private static NotSupportedException Unexpected() => new("No parameter has such a type.");
    }
}

internal sealed record ParameterMetadata(string Name, string Type, IReadOnlyList<string> Aliases, bool SupportsWildcards, ImmutableArray<ParameterSetMetadata> Sets);

internal sealed record ParameterSetMetadata(string? Name, int? Position, bool IsMandatory, bool FromPipeline, bool FromPipelineByName, bool FromRemainingArguments);
