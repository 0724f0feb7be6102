using System.ComponentModel.DataAnnotations;

namespace CovidCt;

/// <summary>A list has an entry. <see cref="MinLengthAttribute"/> can't count lists in applications that are trimmed.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NotEmptyAttribute()
    : ValidationAttribute("The field {0} must be a string or array type with a minimum length of '1'.")
{
    /// <inheritdoc/>
    public override bool IsValid(object? value) => value is not IReadOnlyCollection<object> { Count: 0 };
}
