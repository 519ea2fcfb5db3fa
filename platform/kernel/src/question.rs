//! Questions to the database that can be asked together: several of them, of several slices, are one statement and one round
//! trip. Each slice says what it asks and how it reads the answer, and knows nothing of the others.

use crate::{
    cx::Cx,
    problem::{Problem, Result},
};
use sea_orm::{ConnectionTrait, DbBackend, Statement, Value, sea_query::SelectStatement};
use serde::de::DeserializeOwned;
use std::{fmt::Write, mem::take};

/// A query and what its rows mean. Rows travel as JSON, so that rows of any shape fit side by side into one row.
#[must_use = "a question does nothing until it is asked"]
pub struct Question<'a, A> {
    sql: String,
    values: Vec<Value>,
    read: Read<'a, A>,
}

/// From the rows as JSON to the answer.
type Read<'a, A> = Box<dyn FnOnce(&str) -> Result<A> + Send + 'a>;

impl<'a, R: DeserializeOwned + 'a> Question<'a, Vec<R>> {
    /// A query whose columns have the names and kinds of the fields of `R`. A parameter is `$1` and so on, and nothing else in the
    /// text looks like one.
    pub fn new(sql: impl Into<String>, values: impl IntoIterator<Item = Value>) -> Self {
        let read = |json: &str| serde_json::from_str(json).map_err(Problem::internal);
        Self { sql: sql.into(), values: values.into_iter().collect(), read: Box::new(read) }
    }

    /// A query of sea-orm's. The model's fields are named as its columns are.
    pub fn of(query: SelectStatement) -> Self {
        let Statement { sql, values, .. } = DbBackend::Postgres.build(&query);
        Self::new(sql, values.into_iter().flat_map(|values| values.0))
    }
}

impl<'a, A: 'a> Question<'a, A> {
    /// What the answer means.
    pub fn map<B>(self, f: impl FnOnce(A) -> B + Send + 'a) -> Question<'a, B> {
        self.try_map(|answer| Ok(f(answer)))
    }

    /// The same, where an answer may make no sense.
    pub fn try_map<B>(self, f: impl FnOnce(A) -> Result<B> + Send + 'a) -> Question<'a, B> {
        let Self { sql, values, read } = self;
        Question { sql, values, read: Box::new(move |json| f(read(json)?)) }
    }
}

/// Several questions: a tuple of them.
pub trait Questions {
    /// A tuple of their answers.
    type Answers;
    /// Takes the queries with their values out, in their order.
    fn queries(&mut self) -> Vec<(String, Vec<Value>)>;
    /// Reads the answers, in the same order.
    fn read(self, answers: Vec<String>) -> Result<Self::Answers>;
}

macro_rules! questions {
    ($($name:ident $answer:ident),+) => {
        impl<$($answer),+> Questions for ($(Question<'_, $answer>,)+) {
            type Answers = ($($answer,)+);

            fn queries(&mut self) -> Vec<(String, Vec<Value>)> {
                let ($($name,)+) = self;
                vec![$((take(&mut $name.sql), take(&mut $name.values))),+]
            }

            fn read(self, answers: Vec<String>) -> Result<Self::Answers> {
                let ($($name,)+) = self;
                let mut answers = answers.into_iter();
                Ok(($(($name.read)(&answers.next().unwrap_or_default())?,)+))
            }
        }
    };
}

questions!(a A);
questions!(a A, b B);
questions!(a A, b B, c C);
questions!(a A, b B, c C, d D);
questions!(a A, b B, c C, d D, e E);
questions!(a A, b B, c C, d D, e E, f F);

impl Cx {
    /// Asks one question.
    pub async fn ask<A>(&self, question: Question<'_, A>) -> Result<A> {
        Ok(self.ask_all((question,)).await?.0)
    }

    /// Asks several questions in one statement.
    pub async fn ask_all<Q: Questions>(&self, mut questions: Q) -> Result<Q::Answers> {
        let queries = questions.queries();
        let count = queries.len();
        let (sql, values) = fold(queries);
        let row = self.db().query_one_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await?;
        let row = row.ok_or_else(|| Problem::internal(anyhow::anyhow!("a statement without FROM answered nothing")))?;
        let answers: Result<Vec<String>, _> = (0..count).map(|at| row.try_get_by_index(at)).collect();
        questions.read(answers?)
    }
}

/// One statement out of several, whose parameters are counted through.
fn fold(queries: Vec<(String, Vec<Value>)>) -> (String, Vec<Value>) {
    let (mut sql, mut all) = (String::from("SELECT "), Vec::new());
    for (at, (query, values)) in queries.into_iter().enumerate() {
        let comma = if at > 0 { ", " } else { "" };
        let query = shifted(&query, all.len());
        // The aggregate sees the rows in the order of the query below it.
        let _ = write!(sql, "{comma}(SELECT coalesce(json_agg(q), '[]')::text FROM ({query}) q) AS a{at}");
        all.extend(values);
    }
    (sql, all)
}

/// A query whose first parameter has the number `by + 1`.
fn shifted(query: &str, by: usize) -> String {
    let mut parts = query.split('$');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let digits = part.bytes().take_while(u8::is_ascii_digit).count();
        match part[..digits].parse::<usize>() {
            Ok(number) => drop(write!(text, "${}{}", number + by, &part[digits..])),
            Err(_) => drop(write!(text, "${part}")),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_counted_through() {
        let one = ("SELECT $2 + $1 AS n".to_owned(), vec![Value::from(1), Value::from(2)]);
        let (sql, values) = fold(vec![one, ("SELECT $1::text AS t".to_owned(), vec![Value::from(3)])]);
        assert_eq!(
            sql,
            "SELECT (SELECT coalesce(json_agg(q), '[]')::text FROM (SELECT $2 + $1 AS n) q) AS a0, \
             (SELECT coalesce(json_agg(q), '[]')::text FROM (SELECT $3::text AS t) q) AS a1"
        );
        assert_eq!(values, [1, 2, 3].map(Value::from));
        assert_eq!(shifted("$9 $10$1", 3), "$12 $13$4");
    }
}
