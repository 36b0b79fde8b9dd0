using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Broker.Architecture.Tests;

/// <summary>An assembly without code that references another, which need not exist.</summary>
internal static class MadeUpAssembly
{
    public static void Write(Stream stream, string name, string reference)
    {
        var metadata = new MetadataBuilder();
        var version = new Version(1, 0, 0, 0);
        metadata.AddModule(0, metadata.GetOrAddString(name + ".dll"), metadata.GetOrAddGuid(Guid.Empty), default, default);
        metadata.AddAssembly(metadata.GetOrAddString(name), version, default, default, default, AssemblyHashAlgorithm.None);
        metadata.AddAssemblyReference(metadata.GetOrAddString(reference), version, default, default, default, default);
        metadata.AddTypeDefinition(default, default, metadata.GetOrAddString("<Module>"), default,
            MetadataTokens.FieldDefinitionHandle(1), MetadataTokens.MethodDefinitionHandle(1));

        var image = new ManagedPEBuilder(new PEHeaderBuilder(imageCharacteristics: Characteristics.Dll),
            new MetadataRootBuilder(metadata), ilStream: new BlobBuilder());
        var content = new BlobBuilder();
        image.Serialize(content);
        content.WriteContentTo(stream);
    }
}
