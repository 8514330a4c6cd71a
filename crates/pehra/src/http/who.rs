//! Who is asking, what they may do, and where.

use crate::{
    auth::session::Session,
    http::problem::{Code, Problem},
    node::Node,
    world::{StationTable, World},
};
use axum::{extract::FromRequestParts, http::request::Parts};
use pehra_domain::{AreaId, PersonId, UnixMs, role::Role};
use pehra_ops::{Actor, EventRef, Refusal, RefusalCode, State};
use std::ops::Range;

/// A role that a person holds for an area, now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holding {
    pub role: Role,
    pub area: AreaId,
    pub expires: Option<UnixMs>,
}

/// Somebody signed in, with the roles that hold at this moment.
#[derive(Clone, Debug)]
pub struct Signed {
    pub token: String,
    pub session: Session,
    pub name: String,
    pub holdings: Vec<Holding>,
}

/// The area that a question names; none when it names none.
///
/// # Errors
/// It is no area.
pub(crate) fn area_asked(area: Option<&str>) -> Result<Option<AreaId>, Problem> {
    Ok(area.filter(|text| !text.is_empty()).map(AreaId::try_new).transpose()?)
}

/// Somebody who may pass a route's door: only the roles that hold its permission are left.
#[derive(Clone, Debug)]
pub struct Access {
    pub person: PersonId,
    pub name: String,
    pub holdings: Vec<Holding>,
}

impl Access {
    /// Whether one of the roles reaches the area.
    #[must_use]
    pub fn reaches(&self, area: &AreaId) -> bool {
        self.holdings.iter().any(|holding| holding.area.contains(area))
    }

    /// Whether what is said of an area is somebody's business who holds a role in it, above it or below it.
    #[must_use]
    pub fn concerns(&self, area: &AreaId) -> bool {
        self.holdings.iter().any(|holding| holding.area.meets(area))
    }

    /// An area that is named and reached.
    ///
    /// # Errors
    /// [`Code::OutsideArea`] for every other, and for what names none.
    pub fn area_within(&self, name: &str) -> Result<AreaId, Problem> {
        let found = AreaId::try_new(name).ok().filter(|area| self.reaches(area));
        found.ok_or_else(|| Problem::about(Code::OutsideArea, name))
    }

    /// The first district of a list that is reached.
    ///
    /// # Errors
    /// [`Code::OutsideArea`] when none is.
    pub fn first_district(&self, table: &StationTable) -> Result<AreaId, Problem> {
        let mut districts = table.districts.iter().map(|(area, _)| area);
        let first = districts.find(|area| self.reaches(area)).cloned();
        first.ok_or_else(|| Problem::of(Code::OutsideArea))
    }

    /// An entry that is named and whose thing's area is reached, with that area.
    ///
    /// # Errors
    /// [`Code::NotFound`]: whoever does not reach it does not learn that it exists.
    pub fn entry_within(
        &self,
        node: &Node,
        id: &str,
        area_of: impl FnOnce(&State, EventRef) -> Option<&AreaId>,
    ) -> Result<(EventRef, AreaId), Problem> {
        let at = EventRef::parse(id);
        let found = at.and_then(|at| {
            let area = node.ops(|state| area_of(state, at).cloned());
            Some((at, area.filter(|area| self.reaches(area))?))
        });
        found.ok_or_else(|| Problem::not_found(id))
    }

    /// Acts in the narrowest role that reaches the area.
    ///
    /// # Errors
    /// [`Code::OutsideArea`] when none does.
    pub fn actor(&self, area: &AreaId) -> Result<Actor, Problem> {
        let narrowest = self.narrowest(area, |_| true);
        narrowest.ok_or_else(|| Problem::about(Code::OutsideArea, area.as_str()))
    }

    /// The narrowest role that reaches the area and holds a permission of its own; a door lets in by one of several.
    #[must_use]
    pub fn able(&self, node: &Node, area: &AreaId, permission: &str) -> Option<Actor> {
        let table = &node.rules().permissions;
        self.narrowest(area, |role| table.allows(role, permission))
    }

    fn narrowest(&self, area: &AreaId, fits: impl Fn(&Role) -> bool) -> Option<Actor> {
        let able = self.holdings.iter().filter(|one| one.area.contains(area) && fits(&one.role));
        able.max_by_key(|one| one.area.depth()).map(|one| self.acting_as(one))
    }

    fn acting_as(&self, holding: &Holding) -> Actor {
        Actor {
            person: self.person.clone(),
            role: holding.role.clone(),
            area: holding.area.clone(),
        }
    }

    /// Whether one of the roles holds a permission for an area.
    #[must_use]
    pub fn holds(&self, node: &Node, area: &AreaId, permission: &str) -> bool {
        let table = &node.rules().permissions;
        let mut reaching = self.holdings.iter().filter(|one| one.area.contains(area));
        reaching.any(|one| table.allows(&one.role, permission))
    }

    /// Acts in the narrowest role that reaches the area and holds the permission.
    ///
    /// # Errors
    /// [`RefusalCode::RoleLacksPermission`] when only other roles reach the area, [`Code::OutsideArea`] when none does.
    pub fn actor_with(
        &self,
        node: &Node,
        area: &AreaId,
        permission: &str,
    ) -> Result<Actor, Problem> {
        self.actor_preferred(node, area, permission, |_| true)
    }

    /// The same, in a role that is preferred if there is one, however wide.
    ///
    /// # Errors
    /// As [`Self::actor_with`].
    pub fn actor_preferred(
        &self,
        node: &Node,
        area: &AreaId,
        permission: &str,
        prefers: impl Fn(&Role) -> bool,
    ) -> Result<Actor, Problem> {
        let table = &node.rules().permissions;
        let able = self.holdings.iter().filter(|one| table.allows(&one.role, permission));
        let able = able.filter(|one| one.area.contains(area));
        match able.max_by_key(|one| (prefers(&one.role), one.area.depth())) {
            Some(one) => Ok(self.acting_as(one)),
            None if self.reaches(area) => {
                Err(Refusal::of(RefusalCode::RoleLacksPermission, permission).into())
            }
            None => Err(Problem::about(Code::OutsideArea, area.as_str())),
        }
    }

    /// Acts in a role that reaches everything that the node plans for.
    ///
    /// # Errors
    /// [`Code::OutsideArea`] when no single role does.
    pub fn actor_of_all(&self, world: &World) -> Result<Actor, Problem> {
        let holding = self
            .holdings
            .iter()
            .find(|holding| reaches_all(&holding.area, world))
            .ok_or_else(|| Problem::of(Code::OutsideArea))?;
        Ok(self.acting_as(holding))
    }

    /// The stations within reach, as ranges of the table, in its order.
    #[must_use]
    pub fn ranges(&self, table: &StationTable) -> Vec<Range<u32>> {
        let mut out: Vec<Range<u32>> = Vec::new();
        for (area, range) in &table.districts {
            if !self.reaches(area) {
                continue;
            }
            match out.last_mut() {
                Some(last) if last.end == range.start => last.end = range.end,
                Some(_) | None => out.push(range.clone()),
            }
        }
        out
    }

    /// Whether anything that the node plans for lies within reach; an empty node hides nothing.
    #[must_use]
    pub fn reaches_any(&self, world: &World) -> bool {
        match &world.stations {
            None => !self.holdings.is_empty(),
            Some(table) => table.districts.iter().any(|(area, _)| self.reaches(area)),
        }
    }
}

fn reaches_all(area: &AreaId, world: &World) -> bool {
    let districts = world.stations.as_ref().map(|table| table.districts.as_slice());
    districts.unwrap_or_default().iter().all(|(district, _)| area.contains(district))
}

/// The roles that a person holds at `now`.
#[must_use]
pub fn holdings(node: &Node, person: &PersonId, now: UnixMs) -> Vec<Holding> {
    crate::http::persons::holdings(node, person, now)
}

impl<S: Sync> FromRequestParts<S> for Access {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let access = parts.extensions.get::<Self>().cloned();
        access.ok_or_else(|| {
            Problem::internal("a route that needs a role stands behind an open door")
        })
    }
}

impl<S: Sync> FromRequestParts<S> for Signed {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let signed = parts.extensions.get::<Self>().cloned();
        signed.ok_or_else(|| {
            Problem::internal("a route that needs a session stands behind an open door")
        })
    }
}
