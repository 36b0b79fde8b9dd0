using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Broker.Actors.Dialects.JsonRpc;

/// <summary>Where one parameter stands in the request's text.</summary>
internal struct JsonRpcParam
{
    public const sbyte Unbound = -1;

    public int NameStart;
    public int NameLength;
    public int ValueStart;
    public int ValueLength;
    public JsonTokenType Kind;

    /// <summary>Its place in the method's <see cref="JsonRpcSignature"/>.</summary>
    public sbyte Slot;

    /// <summary>More parameters than any method takes need no remembering.</summary>
    [InlineArray(Length)]
    internal struct List
    {
        public const int Length = 8;

        private JsonRpcParam _first;
    }
}
