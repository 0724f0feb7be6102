using System.CommandLine;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Numerics;
using System.Reflection;
using CovidCt.Networks;
using CovidCt.Recipes;

namespace CovidCt.Cli.Commands;

/// <summary>Options that several commands have, and kinds of option that say in one line what is wrong with a value.</summary>
internal static class SharedOptions
{
    public static Option<bool> Json() =>
        new("--json") { Description = "One JSON document on standard output; all else on standard error." };

    /// <summary>The networks that <c>--backbones</c> names: all of the paper's, or those between commas.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public static IReadOnlyList<string> NetworksOf(string names)
    {
        const StringSplitOptions trimmed = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;
        var networks = names == "all" ? BackboneSpec.Paper : [.. names.Split(',', trimmed).Distinct(StringComparer.Ordinal)];
        return networks.Count > 0
            ? networks
            : throw new UsageException("--backbones is empty; give names with commas between, or all. `covidct models` lists them.");
    }

    /// <summary>A path or a name, which is not empty.</summary>
    public static Option<string?> Text(string name, string help, string description) => new(name)
    {
        Description = description,
        HelpName = help,
        CustomParser = result =>
        {
            var given = result.Tokens[0].Value;
            if (string.IsNullOrWhiteSpace(given))
            {
                result.AddError($"{name} is empty; give {help}.");
            }

            return given;
        },
    };

    /// <summary>A number within the range of the library's option that it sets.</summary>
    /// <typeparam name="TOptions">The library's options.</typeparam>
    /// <typeparam name="TNumber">The kind of number.</typeparam>
    public static Option<TNumber?> Number<TOptions, TNumber>(string name, string property, string help, string description)
        where TNumber : struct, INumber<TNumber>
    {
        var range = typeof(TOptions).GetProperty(property)!.GetCustomAttribute<RangeAttribute>()!;
        return new(name)
        {
            Description = description,
            HelpName = help,
            CustomParser = result =>
            {
                var given = result.Tokens[0].Value;
                if (TNumber.TryParse(given, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && range.IsValid(number))
                {
                    return number;
                }

                result.AddError(
                    $"{name} is '{given}'; give a {(typeof(TNumber) == typeof(double) ? "number" : "whole number")} {Bounds(range)}.");
                return null;
            },
        };
    }

    /// <summary>One of a few words.</summary>
    public static Option<string?> Choice(string name, string description, params string[] values)
    {
        var option = new Option<string?>(name)
        {
            Description = description,
            HelpName = string.Join('|', values),
            CustomParser = result =>
            {
                var given = result.Tokens[0].Value;
                if (!values.Contains(given))
                {
                    result.AddError($"{name} is '{given}'; give one of {string.Join(", ", values)}.");
                }

                return given;
            },
        };
        option.CompletionSources.Add(values);
        return option;
    }

    /// <summary>Names of networks, which shells complete.</summary>
    public static Option<string?> Networks(string name, string help, string description)
    {
        var option = Text(name, help, description);
        option.CompletionSources.Add([.. BackboneSpec.All.Select(spec => spec.Name)]);
        return option;
    }

    /// <summary>The processor, a card, or whichever is there.</summary>
    public static Option<string?> Device() => Choice("--device", "Where to compute. [default: auto]", "auto", "cpu", "cuda");

    /// <summary>What <see cref="Device"/> was given.</summary>
    public static ComputeDevice DeviceOf(string? word) =>
        word switch { "cpu" => ComputeDevice.Cpu, "cuda" => ComputeDevice.Cuda, _ => ComputeDevice.Auto };

    private static string Bounds(RangeAttribute range)
    {
        var (least, most) = (range.Minimum.ToString(), range.Maximum);
        return Convert.ToDouble(most, CultureInfo.InvariantCulture) is int.MaxValue or double.MaxValue
            ? $"from {least} up"
            : $"from {least} to {most}";
    }
}
