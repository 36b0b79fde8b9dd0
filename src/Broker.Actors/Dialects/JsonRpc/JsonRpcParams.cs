using System.Text.Json;

namespace Broker.Actors.Dialects.JsonRpc;

/// <summary>A request's parameters, by name or by position, as places in its text. Of a name that comes twice the last one counts.</summary>
internal ref struct JsonRpcParams(ReadOnlySpan<byte> text, bool arePositional)
{
    private readonly ReadOnlySpan<byte> _text = text;
    private JsonRpcParam.List _list;
    private int _count;
    private bool _areTooMany;

    /// <summary>True when they came as an array.</summary>
    public bool ArePositional { get; } = arePositional;

    /// <summary>What stands at a place of the signature that they were bound to.</summary>
    public readonly JsonValue this[int slot]
    {
        get
        {
            for (var i = _count - 1; i >= 0; i--)
            {
                if (_list[i].Slot == slot)
                {
                    return new JsonValue(_list[i].Kind, _text.Slice(_list[i].ValueStart, _list[i].ValueLength), _list[i].ValueStart);
                }
            }

            return default;
        }
    }

    public void Add(int nameStart, int nameLength, int valueStart, int valueLength, JsonTokenType kind)
    {
        if (_count == JsonRpcParam.List.Length)
        {
            _areTooMany = true;
            return;
        }

        _list[_count++] = new JsonRpcParam
        {
            NameStart = nameStart,
            NameLength = nameLength,
            ValueStart = valueStart,
            ValueLength = valueLength,
            Kind = kind,
            Slot = JsonRpcParam.Unbound,
        };
    }

    /// <summary>Gives each parameter its place in the signature.</summary>
    /// <returns>What is wrong with them, for people; null when nothing is.</returns>
    public string? Bind(JsonRpcSignature signature)
    {
        if (_areTooMany)
        {
            return "too many parameters";
        }

        for (var i = 0; i < _count; i++)
        {
            ref var param = ref _list[i];
            var slot = ArePositional ? i : signature.Find(_text.Slice(param.NameStart, param.NameLength));
            if (slot >= signature.Count)
            {
                return "too many parameters";
            }

            if (slot == JsonRpcSignature.Unknown)
            {
                return "unknown parameter";
            }

            param.Slot = (sbyte)slot;
        }

        for (var slot = 0; slot < signature.Required; slot++)
        {
            if (this[slot].IsMissing)
            {
                return signature.Missing(slot);
            }
        }

        return null;
    }
}
