using System.Reflection;
using System.Text.Json;

namespace Broker.Actors.Dialects.JsonRpcWs;

/// <summary>One parameter of a method, as a place in the array that clients send.</summary>
internal sealed class ServiceParameter
{
    private readonly Type _type;
    private readonly bool _takesNull;

    public ServiceParameter(ParameterInfo parameter)
    {
        _type = parameter.ParameterType;
        _takesNull = Nullable.GetUnderlyingType(_type) is not null
            || (!_type.IsValueType && new NullabilityInfoContext().Create(parameter).WriteState != NullabilityState.NotNull);
        IsToken = _type == typeof(CancellationToken);
        IsOptional = parameter.HasDefaultValue;
        Default = IsOptional ? DefaultOf(parameter) : null;
    }

    /// <summary>Whether the broker gives it, and no client: it is cancelled when the call's time is over or the connection ends.</summary>
    public bool IsToken { get; }

    public bool IsOptional { get; }

    public object? Default { get; }

    /// <summary>False when the value is none of the parameter's type.</summary>
    public bool TryRead(JsonElement element, JsonSerializerOptions options, out object? value)
    {
        value = null;
        if (element.ValueKind == JsonValueKind.Null && _type != typeof(JsonElement))
        {
            return _takesNull;
        }

        try
        {
            value = element.Deserialize(_type, options);
            return value is not null || _takesNull;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static object? DefaultOf(ParameterInfo parameter)
    {
        var type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        return parameter.DefaultValue is { } value
            ? type.IsEnum ? Enum.ToObject(type, value) : value
            : parameter.ParameterType.IsValueType ? Activator.CreateInstance(parameter.ParameterType) : null;
    }
}
