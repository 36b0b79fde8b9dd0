using System.ComponentModel.DataAnnotations;
using Npgsql;

namespace Broker.Storage.PostgreSql;

/// <summary>A connection string that Npgsql understands. What is wrong with it is not said: parts of it may be a password.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ConnectionStringAttribute : ValidationAttribute
{
    public ConnectionStringAttribute()
        : base("{0} is not a connection string such as Host=db;Database=broker;Username=broker;Password=... (quote a password that has a semicolon).")
    {
    }

    public override bool IsValid(object? value)
    {
        try
        {
            return value is not string { Length: > 0 } text || new NpgsqlConnectionStringBuilder(text).Host is { Length: > 0 };
        }
        catch (Exception fault) when (fault is ArgumentException or FormatException or InvalidCastException or OverflowException)
        {
            return false;
        }
    }
}
