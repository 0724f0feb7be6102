using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace CovidCt;

/// <summary>The check of options at the boundary, by the attributes of their properties.</summary>
internal static class OptionsValidation
{
    /// <summary>Refuses options out of their ranges.</summary>
    /// <exception cref="ArgumentException">The message says all that is wrong.</exception>
    public static void ThrowIfInvalid<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] T>(T options)
        where T : class =>
        ThrowIfAny(Failures(options));

    /// <summary>Refuses what is wrong.</summary>
    /// <exception cref="ArgumentException">The message says all of it.</exception>
    public static void ThrowIfAny(IReadOnlyCollection<ValidationResult> failures)
    {
        if (failures.Count > 0)
        {
            throw new ArgumentException(string.Join(" ", failures.Select(failure => failure.ErrorMessage)));
        }
    }

    /// <summary>
    /// What is wrong by the attributes, and where that is nothing, what the options say of themselves. It is what
    /// <see cref="Validator.TryValidateObject(object, ValidationContext, ICollection{ValidationResult}?, bool)"/> finds, whose way to the
    /// properties is closed to applications that are trimmed.
    /// </summary>
    public static IReadOnlyCollection<ValidationResult> Failures<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] T>(T? options)
        where T : class
    {
        if (options is null)
        {
            return []; // That it is missing is for whoever holds it to say.
        }

        List<ValidationResult> failures = [];
        foreach (var property in typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var context = ContextOf(options, property.Name);
            context.MemberName = property.Name;
            Validator.TryValidateValue(
                property.GetValue(options)!, context, failures, property.GetCustomAttributes<ValidationAttribute>());
        }

        if (failures.Count == 0 && options is IValidatableObject whole)
        {
            failures.AddRange(whole.Validate(ContextOf(options, typeof(T).Name)));
        }

        return failures;
    }

    private static ValidationContext ContextOf(object options, string name) => new(options, name, serviceProvider: null, items: null);
}
