using System.ComponentModel;
using System.Globalization;
using System.Reflection;

namespace VoxPact.Server;

/// <summary>
/// One setting: a described property of <see cref="ServerOptions"/> or of a record in it. Its name is the way to it,
/// as in <c>Judging:Judges:0:Model</c>.
/// </summary>
internal sealed class NamedSetting(string name, PropertyInfo property, Func<object, object> holder, bool isRepeated)
{
    public const string Joint = ":";

    public string Name => name;
    public PropertyInfo Property => property;

    /// <summary>True when another setting before it says the same of a like thing.</summary>
    public bool IsRepeated => isRepeated;

    /// <summary>The type of its values, given that there is one.</summary>
    public Type ValueType => Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;

    public object? GetValue(ServerOptions options) => property.GetValue(holder(options));

    public void SetValue(ServerOptions options, object? value) => property.SetValue(holder(options), value);

    public static IEnumerable<NamedSetting> Of(Type options) => Of(options, "", static it => it, [], false);

    private static IEnumerable<NamedSetting> Of(
        Type type, string prefix, Func<object, object> holder, HashSet<Type> known, bool isRepeated)
    {
        foreach (var property in type.GetProperties())
        {
            if (property.IsDefined(typeof(DescriptionAttribute)))
                yield return new NamedSetting(prefix + property.Name, property, holder, isRepeated);
            else
                foreach (var inner in Inside(property, prefix, holder, known)) yield return inner;
        }
    }

    private static IEnumerable<NamedSetting> Inside(
        PropertyInfo property, string prefix, Func<object, object> holder, HashSet<Type> known)
    {
        string name = prefix + property.Name + Joint;
        if (property.PropertyType == typeof(JudgingOptions) || property.PropertyType == typeof(JudgeOptions))
            return Of(property.PropertyType, name, it => property.GetValue(holder(it))!, known,
                !known.Add(property.PropertyType)).ToList();
        if (property.PropertyType != typeof(IReadOnlyList<JudgeOptions>)) return [];
        return Enumerable.Range(0, new JudgingOptions().Judges.Count).SelectMany(i => Of(typeof(JudgeOptions),
            name + i.ToString(CultureInfo.InvariantCulture) + Joint,
            it => ((IReadOnlyList<JudgeOptions>)property.GetValue(holder(it))!)[i], known,
            !known.Add(typeof(JudgeOptions)))).ToList();
    }
}
